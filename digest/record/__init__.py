"""What comes back and what is kept: returned mail understood, suppression decided.

bounces/     a returned mail's bytes become what they say of each recipient
providers/   the same from the web hooks of mail providers, each one's word checked
suppression  when an address is mailed no more
reputation   when complaints become too many
imap         the mailbox that returned mail comes to
lmtp         a port that takes returned mail
"""

from digest.record.bounces import understand

__all__ = ["understand"]
