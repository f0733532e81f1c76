"""Our own token in a returned mail: it names the reader for sure, whatever the mail's text says.

It stands in the envelope address the mail was sent from (VERP), in a header of ours, or in the unsubscribe
link, and comes back in the report's address or in the returned headers. Whether it is valid is the
caller's to check; a mail without a valid one proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.record.bounces.mail import Mail, bounded

# A token is 32 bytes as base64url. Some servers change the case of local parts: it is kept as it came.
FORMS = (
    re.compile(r"(?i)\bbounce\+([A-Za-z0-9_-]{43})@"),
    re.compile(r"(?im)^x-digest-token:\s{0,9}([A-Za-z0-9_-]{43})\s*$"),
    re.compile(r"(?i)/unsubscribe/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])"),
)
TAGGED = re.compile(r"\+([A-Za-z0-9_-]{43})@")
ENVELOPE = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "cc")
CAME_TO = re.compile(rf"(?im)^(?:{'|'.join(ENVELOPE)}):.*(?:\n[ \t].*)*")
BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def token(mail: Mail, raw: bytes) -> str:
    """The first token found, the envelope before the returned headers; "" where there is none."""
    for place in places(mail, raw):
        for form in FORMS:
            found = form.search(place)
            if found:
                return found[1]
    return ""


def addressed(raw: bytes) -> Iterator[str]:
    """The tokens in the addresses a mail came to, whatever kind they are of: `leave+TOKEN@example.com`."""
    head = BLANK_LINE.split(bounded(raw), 1)[0].decode("latin-1")
    yield from (found for line in CAME_TO.findall(head) for found in TAGGED.findall(line))


def places(mail: Mail, raw: bytes) -> Iterator[str]:
    """Where to look, the surest first; at last in the mail as it came, for what no part of it shows."""
    yield from (value for name in ENVELOPE for value in mail.head.get(name, ()))
    yield mail.original
    yield from (value for values in mail.feedback.values() for value in values)
    yield mail.text
    yield bounded(raw).decode("latin-1")
