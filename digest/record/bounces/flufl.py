"""The detectors of flufl.bounce, for the rare and the old: guarded, because they trust the mail they read.

They raise on odd From lines, and some take seconds on a mail of megabytes; so they see its start only, in
ASCII, which spares it the mail's choice of a charset.
"""

from __future__ import annotations

import logging

from digest.record.bounces.mail import parse
from digest.record.bounces.report import ADDRESS, Event, Finding

MOST_BYTES = 64 * 1024

# It logs a traceback for each odd mail; that a stranger's mail is odd is no news to an operator.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)


def findings(raw: bytes, text: str) -> list[Finding]:
    """The recipients found, each with the mail's whole text as its reply, for want of a better one."""
    from flufl.bounce import all_failures

    plain = raw[:MOST_BYTES].decode("ascii", "replace").encode("ascii", "replace")
    try:
        delayed, failed = all_failures(parse(plain))
    except Exception:  # what its detectors raise on foreign bytes is not documented
        return []
    events = dict.fromkeys(delayed, Event.DELAYED) | dict.fromkeys(failed, Event.FAILED)
    named = {address.decode("ascii", "replace"): event for address, event in events.items()}
    return [Finding(a, event, reply=text) for a, event in named.items() if ADDRESS.fullmatch(a)]
