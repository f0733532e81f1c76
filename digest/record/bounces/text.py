"""Recipients named in a mail system's own words, where there is no report in a standard form.

Lines that open with an address are sure, an address within a sentence is a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from digest.record.bounces.mail import blocks
from digest.record.bounces.report import ADDRESS, Finding, delivery_status, known, original_recipients
from digest.record.bounces.words import Account, event, says_it_came_back, table
from digest.replies import normalise

ROLES = re.compile(r"(?i)(?:mailer-?daemon|post-?master|support|abuse|help\w*|noc|hostmaster|root)@")
REPORT = re.compile(r"(?im)^(?:final|original)-recipient:")
HOST_LINE = re.compile(r"[45]\d\d \S+ \(smtp\)\.\.\.")  # old Sendmail, of a host: not of the address above


def quoted(told: Account) -> list[Finding]:
    """The recipients of a standard report that stands in the text, as damaged mails have it."""
    if not (REPORT.search(told.mail.text) and says_it_came_back(told)):
        return []
    reported = delivery_status(tuple(blocks(told.mail.text)))
    return reported if known(reported) else []


def listed(told: Account) -> list[Finding]:
    """The recipients that a mail system names in a header, or in lines of their own."""
    if not says_it_came_back(told):
        return []
    lines, happened = paragraphs(told.own), event(told)
    failed = ADDRESS.findall(" ".join(told.mail.head.get("x-failed-recipients", ())))
    named = failed or strangers(told, lines)
    return [Finding(a, happened, reply=lines.get(a, "").strip()) for a in named]


def guessed(told: Account) -> list[Finding]:
    """The likeliest recipient where none stands in a line of its own, or one without address."""
    if not says_it_came_back(told):
        return []
    inside = ADDRESS.findall(told.own)
    others = strangers(told, inside)
    addressed = original_recipients(returned_head(told))
    best = [a for a in others if a in addressed] or others[:1] or addressed or inside[:1] or [""]
    return [Finding(address, event(told), reply=told.own.strip()) for address in dict.fromkeys(best)]


def strangers(told: Account, addresses: Iterable[str]) -> list[str]:
    """Those addresses that are neither the sender's own nor a mail system's contact."""
    own = own_addresses(told)
    return [a for a in addresses if a not in own and not ROLES.match(a)]


def own_addresses(told: Account) -> set[str]:
    """Who sent the mail that came back: whoever is told of it now, and the sender it names.

    Not so where the mail was to itself: then the address may be the one that failed.
    """
    heads = [
        v for name in ("to", "delivered-to", "x-original-to", "from") for v in told.mail.head.get(name, ())
    ]
    senders = re.findall(r"(?im)^(?:from|return-path|reply-to|sender):(.*)", returned_head(told))
    own = ADDRESS.findall("\n".join(heads + senders))
    return set(own) - set(original_recipients(returned_head(told)))


def returned_head(told: Account) -> str:
    return told.mail.original or told.returned


def paragraphs(own: str) -> dict[str, str]:
    """The addresses that open a line, each with the lines up to the next one.

    Those above the sentence that says what happened are often the sender's.
    """
    lines = own.splitlines()
    said = next((n for n, line in enumerate(lines) if table().signs.search(normalise(line))), 0)
    return openings(lines[said:]) or openings(lines)


def openings(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    spellings: dict[str, str] = {}
    current = ""
    for line in lines:
        opening = table().recipient_line.match(line)
        if opening:
            current = spellings.setdefault(opening[1].lower(), opening[1])
        elif HOST_LINE.match(line):
            current = ""
        if current:
            found[current] = found.get(current, "") + line + "\n"
    return found
