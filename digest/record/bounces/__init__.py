"""Returned mail: whatever its bytes are, what they say of whom, within bounded time and memory.

understanding  what a mail says of each recipient, by whom it is told best; open this first
mail           a mail's bytes, read within bounds
token          our own token in a mail: it names the reader for sure
report         reports in the standard forms
ses            what Amazon SES notifies
words          the words by which mail systems are known: bounces.toml
text           recipients named in a mail system's own words
flufl          the detectors of flufl.bounce, for the rare and the old
"""

from digest.record.bounces.understanding import understand

__all__ = ["understand"]
