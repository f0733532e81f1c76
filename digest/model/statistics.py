"""What a newsletter's numbers say: growth, outcomes, pace, troubles, and when its readers' mornings are."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple

from digest.model.delivery import Counts
from digest.model.edition import EditionState


class Growth(NamedTuple):
    """One local day of a newsletter: who confirmed, who ended, and how many readers there were at its end."""

    day: date
    joined: int
    left: int  # unsubscribed, or suppressed
    readers: int


class Run(NamedTuple):
    """One edition that was sent, or is being sent, and what came of it."""

    edition: int
    date: date
    wave: str
    subject: str
    state: EditionState
    counts: Counts
    unsubscribed: int  # left after it was frozen, and before the next one was


class OfDomain(NamedTuple):
    """What became of an edition's mails at one recipient domain; "" for readers who were erased since."""

    domain: str
    counts: Counts


class Minute(NamedTuple):
    """One minute of a run: how many mails the relay took."""

    at: datetime
    accepted: int


class Trouble(NamedTuple):
    """One local day's bounces and complaints: `kind` is a suppression's reason, or "strike"."""

    day: date
    kind: str
    number: int


class Hour(NamedTuple):
    """A morning that active readers have chosen, and how many."""

    zone: str
    at: time
    days: str
    readers: int
