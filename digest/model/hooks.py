"""Web hooks: what others' servers are told of, and by whom it is wanted."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple


class Event(enum.StrEnum):
    """What happened."""

    EDITION_ISSUED = "edition.issued"
    EDITION_SENT = "edition.sent"
    SUBSCRIBER_CONFIRMED = "subscriber.confirmed"
    SUBSCRIBER_LEFT = "subscriber.left"
    DELIVERY_REFUSED = "delivery.refused"
    INCIDENT = "incident"


class Hook(NamedTuple):
    """A server that wants to be told."""

    url: str
    events: frozenset[Event]
    allow_private: bool = False  # may be in a private network or on this machine


class Call(NamedTuple):
    """One event for one server, until it was taken there."""

    id: int
    ref: str  # the same at every attempt, so that a server may know it again
    url: str
    event: Event
    data: str  # JSON
    at: datetime
    attempts: int
