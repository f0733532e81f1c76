"""One SMTP attempt: how far it came, what it came to, what that asks."""

from __future__ import annotations

import enum
from typing import NamedTuple


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
