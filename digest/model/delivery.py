"""Deliveries: planned, tried, and what each attempt came to."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple


class DeliveryState(enum.IntEnum):
    """Where a delivery is, as the ledger stores it. Sending is told by the worker's own row."""

    PLANNED = 0
    DEFERRED = 1
    IN_DOUBT = 2
    ACCEPTED = 3
    REFUSED = 4
    WITHDRAWN = 5
    EXPIRED = 6


OPEN = (DeliveryState.PLANNED, DeliveryState.DEFERRED, DeliveryState.IN_DOUBT)  # may yet be tried


@dataclass(frozen=True, slots=True)
class Moment:
    """A zone, hour and days at which readers are due; `next_due` is what the tick compares."""

    id: int
    zone: str
    at: time
    days: str
    next_due: datetime
    moves: int = 0  # grows with every reader who comes to it from another moment


@dataclass(frozen=True, slots=True)
class Plan:
    """One delivery for each reader of a moment: which mail, under which local date, how long to try."""

    edition: int
    rendering: int
    local_date: date
    due: datetime
    expires: datetime


class Counts(NamedTuple):
    """The deliveries of an edition by what became of them; they always add up to `all`."""

    planned: int = 0
    deferred: int = 0
    sending: int = 0
    in_doubt: int = 0
    accepted: int = 0
    refused: int = 0
    withdrawn: int = 0
    expired: int = 0

    @property
    def all(self) -> int:
        return sum(self)

    @property
    def open(self) -> int:
        """Those that may still change by themselves or by a person's word."""
        return self.planned + self.deferred + self.sending + self.in_doubt


class DeliveryLine(NamedTuple):
    """One delivery, for people."""

    address: str
    state: str
    attempts: int
    at: datetime | None
    code: int | None
    status: str | None
    reply: str | None
    next_at: datetime | None


class Incident(NamedTuple):
    """One thing that went wrong, in a plain sentence."""

    id: int
    key: str
    kind: str
    text: str
    opened: datetime


class Pause(NamedTuple):
    """What is stopped, and why: scope "all", "edition:ID" or "domain:NAME"; `until` None needs a person."""

    scope: str
    reason: str
    since: datetime
    until: datetime | None


class Coming(NamedTuple):
    """A moment's next morning: the instant, the local date and zone, and who reads then."""

    at: datetime
    day: date  # the local date
    zone: str
    readers: int


class Letter(NamedTuple):
    """One delivery as its sender needs it. A plain tuple: a million of them pass in a morning."""

    delivery: int
    rendering: int
    address: str
    ref: bytes  # the subscription's
    choice: str  # the chosen sections as JSON, "" for all: the key under which spliced pieces are kept
    due: int  # UTC seconds; the mail's Date
    attempts: int
    expires: int  # UTC seconds: when to give up
    own_only: bool = False  # as in Subscription
    had: frozenset[int] = frozenset()  # stories of this edition that the reader got before


class Mail(NamedTuple):
    """A single mail to be sent, beside the editions: whole, as it goes on the wire but for the final dot."""

    id: int
    address: str
    mail: bytes
    attempts: int


class Single(NamedTuple):
    """A single mail to be put into the outbox; the same `key` again is not another."""

    key: str
    kind: str
    address: str
    mail: bytes


class Telling(NamedTuple):
    """A correction that is being told to those who have the edition as it was."""

    id: int
    edition: int
    revision: int  # whoever has an earlier one is told
    said: str
    after: int  # the last delivery whose reader was written to


class Stage(enum.IntEnum):
    """How far an SMTP transaction had come. Only what fails after the final dot can be in doubt."""

    CONNECT = 0
    GREETING = 1
    TLS = 2
    AUTH = 3
    MAIL = 4
    RCPT = 5
    DATA = 6
    DOT = 7


class Verdict(enum.StrEnum):
    """What one SMTP attempt came to, or why there was none: the reader's mail would have been empty."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    IN_DOUBT = "in doubt"
    WITHDRAWN = "withdrawn"


class Effect(enum.StrEnum):
    """What an outcome asks beyond its own delivery."""

    NONE = "none"
    SUPPRESS = "suppress"  # the address is dead: never mail it again
    SOFT = "soft"  # count it against the address
    SLOW = "slow"  # the relay asks for patience
    PAUSE_DOMAIN = "pause domain"  # counts towards pausing the recipient's domain
    PAUSE = "pause"  # it is about us: stop the run, tell the operator


class Outcome(NamedTuple):
    """The result of one attempt, as the ledger records it. `reply` is the server's whole text.

    A plain tuple, as a Letter is.
    """

    delivery: int
    verdict: Verdict
    code: int = 0
    status: str = ""  # RFC 3463, "5.1.1"
    reply: str = ""
    effect: Effect = Effect.NONE
    counted: bool = True  # False: not the reader's attempt (the connection failed, a domain was paused)
    next_at: int = 0  # UTC seconds, for Deferred


class Complaints(NamedTuple):
    """How many readers at a domain ("" for all) complained, against how many mails delivered there."""

    domain: str
    complaints: int
    delivered: int

    @property
    def rate(self) -> float:
        """Complaints per mail delivered."""
        return self.complaints / max(1, self.delivered)


class Notice(NamedTuple):
    """What a mail provider's web hook says of one recipient, under a key that is the same at every try."""

    key: str
    returned: Returned


@dataclass(frozen=True, slots=True)
class Returned:
    """One recipient of a returned mail, as understood. `kind` is hard, soft, complaint or none."""

    address: str
    kind: str
    status: str = ""
    reply: str = ""
    token: str = ""  # ours, where the mail carries one: decides the reader whatever the text says
    meaning: str = ""  # a replies.Kind: a policy refusal, say, never counts against the reader
