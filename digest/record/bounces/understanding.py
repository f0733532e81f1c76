"""Returned mail understood: who was not reached, whether for good, and who complained.

The order is that of trust: a feedback report (RFC 5965), what SES notifies, a delivery status (RFC 3464),
the words of the large mail systems with the detectors of flufl.bounce, and the likeliest guess. What was
said of a recipient then goes through the one table of reply meanings: a number alone suppresses nobody.
"""

from __future__ import annotations

import re
from dataclasses import replace

from digest import replies
from digest.model import Returned, Stage
from digest.record.bounces import flufl, ses, text
from digest.record.bounces.mail import Mail, read
from digest.record.bounces.report import Event, Finding, delivery_status, feedback, known, opted_out
from digest.record.bounces.token import token
from digest.record.bounces.words import (
    Account,
    account,
    from_a_mail_system,
    may_have_come_back,
    something_else,
    stage,
)

READ = 300_000  # bytes of one mail: more than is looked at
AT_ONCE = 20  # mails that are in memory together, and recorded in one transaction
HARD, SOFT, COMPLAINT = "hard", "soft", "complaint"
MOST_RECIPIENTS = 50  # of one mail; ours have one each
REPLY_KEPT = 500  # characters of a reply that are worth a row in the database
CODE = re.compile(r"(?<![\d.\w-])([45]\d\d)(?=[ \t#:-])(?![ -]?\d*[.@])")
STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
VAGUE = {replies.Kind.FAILED, replies.Kind.TEMPORARY}  # says only that it failed: more words may say why


def understand(raw: bytes) -> tuple[Returned, ...]:
    """The recipients of a returned mail, or () for a mail that is none.

    The bytes are a stranger's: whatever they are, this returns, within bounded time and memory.
    """
    try:
        mail = read(raw)
        told = account(mail)
        findings = found(told, raw)[:MOST_RECIPIENTS]
        around = surroundings(told, findings)
        ours = token(mail, raw)
        return tuple(judged(finding, around[finding.address], ours) for finding in findings)
    except Exception:  # parsers of foreign bytes fail in ways nobody has listed
        return ()


def found(told: Account, raw: bytes) -> list[Finding]:
    """What the surest detector finds; a report that tells of no trouble ends the search."""
    mail = told.mail
    complaints = feedback(mail) or opted_out(mail)
    if complaints or mail.feedback:
        return complaints
    if ses.is_notification(mail):
        return ses.findings(mail)
    reported = delivery_status(mail.reports)
    if known(reported) or (not reported and any("action" in block for block in mail.reports)):
        return reported
    if something_else(mail):
        return reported
    named = wrapped(mail, raw) or text.quoted(told) or in_words(told, raw) or text.guessed(told)
    if len(reported) == len(named) == 1:
        return [replace(reported[0], address=named[0].address)]
    return named or reported


def in_words(told: Account, raw: bytes) -> list[Finding]:
    """The recipients named in words, by our table and by the library: those of both, else the library's.

    Its detectors know few forms, but these well.
    """
    listed = text.listed(told)
    library = flufl.findings(raw, told.own) if may_have_come_back(told.mail) else []
    second = {finding.address.lower() for finding in library}
    agreed = [finding for finding in listed if finding.address.lower() in second]
    return agreed or library or listed


def wrapped(mail: Mail, raw: bytes) -> list[Finding]:
    """A report within a mail system's own, empty one: gateways wrap what passes them.

    In a person's mail it is a bounce of theirs, shown to us.
    """
    if not (mail.original and from_a_mail_system(mail)):
        return []
    reported = delivery_status(read(raw, unwrap=True).reports)
    return reported if known(reported) else []


def surroundings(told: Account, findings: list[Finding]) -> dict[str, str]:
    """What the server's own words say of each address: all of them where there is but one."""
    if len(findings) == 1:
        return {findings[0].address: told.own}
    said = text.paragraphs(told.own)
    return {finding.address: said.get(finding.address, "") for finding in findings}


def judged(finding: Finding, around: str, ours: str) -> Returned:
    """A finding with its meaning: by its reply, or where that says too little by the words around it."""
    if finding.event is Event.COMPLAINED:
        return Returned(finding.address, COMPLAINT, reply=finding.reply, token=ours)
    everything = f"{finding.reply} {around}"
    at = stage(everything)
    status, meaning = understood(finding, finding.reply, at)
    if meaning.kind in VAGUE:
        status, meaning = understood(finding, everything, at)
    kind = HARD if meaning.kind is replies.Kind.HARD else SOFT
    reply = (finding.reply or around).strip()[:REPLY_KEPT]
    return Returned(finding.address, kind, status, reply, ours, meaning.kind)


def understood(finding: Finding, said: str, at: Stage | None) -> tuple[str, replies.Meaning]:
    """The status, the most telling of those given, and what it and the words mean."""
    code = CODE.search(said)
    given = list(filter(None, [finding.status, *STATUS.findall(said)]))
    status = next((s for s in given if not s.endswith(".0.0")), next(iter(given), ""))
    number = 400 if finding.event is Event.DELAYED else int(code[1]) if code else 0
    return status, replies.meaning(number, status, said, at)
