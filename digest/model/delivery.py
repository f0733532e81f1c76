"""Deliveries: the ledger's rows, as they are counted, shown and sent."""

from __future__ import annotations

import enum
from datetime import datetime
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
