"""Reports in the standard forms: delivery status (RFC 3464, RFC 6533) and feedback (RFC 5965)."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.record.bounces.mail import Fields, Mail

# Local part and domain are bounded and start at a word's start, so that no text is slow to search.
WORD = r"\s<>()\[\]\"',;:|=`“”«»"  # what ends an address in running text
ADDRESS = re.compile(rf"(?<![^{WORD}])([^{WORD}@]{{1,64}}@[^{WORD}@]{{0,254}}[^{WORD}@.])")
RECIPIENTS = ("final-recipient", "original-recipient", "x-actual-recipient")
# RFC 5965 and its registry. Of the others, auth-failure (RFC 6591) is about our DNS and not-spam is praise.
COMPLAINTS = {"abuse", "fraud", "virus", "opt-out", "opt-out-list", "other", "miscategorized", "complaint"}

HOTMAIL = re.compile(r"(?im)^x-hmxmroriginalrecipient:")  # its complaints (JMRP) are no RFC 5965 reports


class Event(enum.Enum):
    """What a returned mail reports of a recipient."""

    FAILED = "failed"
    DELAYED = "delayed"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True)
class Finding:
    """A recipient and what was said of it; `address` is "" where the mail does not tell."""

    address: str
    event: Event = Event.FAILED
    status: str = ""
    reply: str = ""


def known(findings: list[Finding]) -> bool:
    return any(finding.address for finding in findings)


def delivery_status(blocks: tuple[Fields, ...]) -> list[Finding]:
    """The recipients that a delivery status says were not reached. Success reports find none."""
    return [finding for block in blocks for finding in recipient(block)]


def recipient(block: Fields) -> Iterator[Finding]:
    address = next(filter(None, (mailbox(value(block, name)) for name in RECIPIENTS)), "")
    event = action(block)
    if event:
        status = value(block, "status").partition(" ")[0]
        yield Finding(address, event, status, untyped(value(block, "diagnostic-code")))


def action(block: Fields) -> Event | None:
    """Failed, delayed, or None for what is no trouble. Where no action is given, the status tells."""
    said = value(block, "action").lower()
    status = value(block, "status")
    if said.startswith("delayed"):
        return Event.DELAYED
    if said.startswith(("fail", "error")) or (not said and status[:1] in {"4", "5"}):
        return Event.FAILED
    return None


def feedback(mail: Mail) -> list[Finding]:
    """The readers who complained. Without a named recipient, the returned mail's own one."""
    kind = "abuse" if HOTMAIL.search(mail.original) else value(mail.feedback, "feedback-type").lower()
    if kind not in COMPLAINTS:
        return []
    named = [
        mailbox(text)
        for name in ("original-rcpt-to", "removal-recipient")
        for text in mail.feedback.get(name, ())
    ]
    addresses = dict.fromkeys(filter(None, named)) or dict.fromkeys(original_recipients(mail.original))
    return [Finding(a, Event.COMPLAINED, reply=kind) for a in addresses or ("",)]


def opted_out(mail: Mail) -> list[Finding]:
    """What Apple Mail writes in a reader's name, who pressed its button: RFC 5965 calls it an opt-out."""
    if mail.header("x-apple-unsubscribe").lower() != "true":
        return []
    return [Finding(mailbox(mail.header("from")), Event.COMPLAINED, reply="opt-out")]


def original_recipients(head: str) -> list[str]:
    """To whom the returned mail was addressed."""
    lines = re.findall(r"(?im)^(?:to|x-original-to|x-hmxmroriginalrecipient):((?:.*)(?:\n[ \t].*)*)", head)
    return [address for line in lines for address in ADDRESS.findall(line)]


def mailbox(text: str) -> str:
    """The address in a field such as `rfc822; <anna@example.com>`, or ""."""
    plain = untyped(text).strip("<> ").rstrip(".")
    if plain.count("@") == 1 and " " not in plain and plain[0] != "@":
        return plain
    found = ADDRESS.search(plain)
    return found[1] if found else ""


def untyped(text: str) -> str:
    """A field's value without its type: `smtp; 550 no` is `550 no`."""
    return re.sub(r"^[\w.-]+\s*;\s*", "", text)


def value(block: Fields, name: str) -> str:
    return block.get(name, ("",))[0]
