"""What an answer comes to. Every row of the fault table that is about one letter, or one connection, is here.

The replies' meanings are in `digest.replies`; this file turns a meaning into what happens to the letter.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from digest.deliver.retry import delay, greylisted
from digest.errors import RelayError
from digest.model import Effect, Letter, Outcome, Stage, Verdict
from digest.replies import Kind, Meaning, meaning

STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
NOTHING_NEW = "nothing new for this reader: all stories had before, or none in the chosen sections"
AUTH_RETRIES = (60, 300, 900)  # seconds: a relay that cannot check the password just now

# These are about us, not about the letter that met them: it stays to be sent when the operator has helped.
ABOUT_US = {Kind.SENDER, Kind.AUTHENTICATION}


class Reply(NamedTuple):
    """A server's answer: its code, and its whole text, lines parted by line feeds."""

    code: int
    text: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.code < 300

    @property
    def said(self) -> str:
        """The whole answer."""
        return f"{self.code} {self.text}"

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463) it begins with, or ""."""
        found = STATUS.match(self.text)
        return found[0] if found else ""


class Backoff(NamedTuple):
    """How long a letter waits between tries, in seconds."""

    first: int = 300
    most: int = 14400


def in_doubt(letter: Letter, why: str, now: int, backoff: Backoff) -> Outcome:
    """The mail was handed over and no answer came: it may be there already."""
    wait = delay(letter.attempts, *backoff)
    return Outcome(letter.delivery, Verdict.IN_DOUBT, reply=why, next_at=now + wait)


def uncarriable(letter: Letter, status: str, why: str) -> Outcome:
    """An address that SMTP, or this server, cannot carry. No server was asked."""
    return Outcome(letter.delivery, Verdict.REFUSED, status=status, reply=why)


def empty(letter: Letter) -> Outcome:
    """Nothing is left in the mail for this reader, who gets none. No server was asked."""
    return Outcome(letter.delivery, Verdict.WITHDRAWN, reply=NOTHING_NEW, counted=False)


def put_off(letter: Letter, why: str, now: int, backoff: Backoff) -> Outcome:
    """Not the letter's fault: tried again later, and not counted as an attempt."""
    return Outcome(
        letter.delivery, Verdict.DEFERRED, reply=why, counted=False, next_at=now + delay(0, *backoff)
    )


def taken_back(delivery: int, why: str, next_at: int) -> Outcome:
    """Not handed over, nor tried: no attempt. It may be tried again from `next_at` on."""
    return Outcome(delivery, Verdict.DEFERRED, reply=why, counted=False, next_at=next_at)


def judge(letter: Letter, stage: Stage, reply: Reply, now: int, backoff: Backoff) -> Outcome:
    """What a refusal at MAIL, RCPT, DATA or after the final dot comes to. `now` and times in UTC seconds."""
    told = meaning(reply.code, reply.status, reply.text, stage)
    verdict = Verdict.REFUSED if told.permanent and told.kind not in ABOUT_US else Verdict.DEFERRED
    return Outcome(
        delivery=letter.delivery,
        verdict=verdict,
        code=reply.code,
        status=reply.status,
        reply=reply.text,
        effect=effect(told, stage, reply),
        counted=reply.code != 421 and told.kind not in ABOUT_US | {Kind.TOO_MANY_RECIPIENTS},
        next_at=now + wait(told, letter, reply, backoff) if verdict is Verdict.DEFERRED else 0,
    )


def effect(told: Meaning, stage: Stage, reply: Reply) -> Effect:
    """What else it asks. A temporary refusal is never held against an address, but for a full mailbox."""
    if told.effect is Effect.PAUSE or told.kind is Kind.FULL:
        return told.effect
    if told.permanent:
        return told.effect
    slow = reply.code == 421 or told.kind is Kind.THROTTLED or stage is not Stage.RCPT
    return Effect.SLOW if slow else Effect.NONE


def wait(told: Meaning, letter: Letter, reply: Reply, backoff: Backoff) -> int:
    if told.kind is Kind.TOO_MANY_RECIPIENTS:
        return 0
    if told.kind is Kind.GREYLISTED:
        return greylisted(reply.text, backoff.first)
    return delay(letter.attempts, *backoff)


class NoSession(RelayError):
    """A relay could not be used: how far it came, and what it said if it said anything.

    `unsafe`: going on would mean mail or password in clear, or to a stranger.
    """

    def __init__(self, stage: Stage, reply: Reply | None, why: str = "", *, unsafe: bool = False) -> None:
        said = reply.said if reply else why
        super().__init__(" ".join(said.split()))
        self.stage = stage
        self.reply = reply
        self.unsafe = unsafe


class Setback(NamedTuple):
    """Why a relay could not be used, and what follows."""

    reason: str
    operator: bool = False  # True: nothing gets better by itself; a person must help
    wait: int = 0  # seconds before the next try, where the setback itself says so


STEPS = {Stage.CONNECT: "connection", Stage.GREETING: "greeting", Stage.TLS: "TLS", Stage.AUTH: "sign-in"}


def setback(relay: str, failed: NoSession, auth_failures: int) -> Setback:
    """What a failure before the first MAIL comes to, after so many temporary refusals of our password."""
    reason = f"relay {relay}: {STEPS[failed.stage]}: {failed}"
    code = failed.reply.code if failed.reply else 0
    if failed.stage is Stage.AUTH and 400 <= code < 500 and auth_failures < len(AUTH_RETRIES):
        return Setback(reason, wait=AUTH_RETRIES[auth_failures])
    final = code >= 500 or (code >= 400 and failed.stage in {Stage.TLS, Stage.AUTH})
    return Setback(reason, operator=failed.unsafe or final)
