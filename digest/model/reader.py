"""Readers: what they asked for, and the proof that they did."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple


class SubscriptionState(enum.StrEnum):
    """Whether mail goes to a subscription, and why not."""

    PENDING = "pending"  # asked for, and not confirmed yet
    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"  # active, but its address is never to be mailed


@dataclass(frozen=True, slots=True)
class Consent:
    """The proof that a reader asked: when, from where, and under which wording."""

    at: datetime
    origin: str  # "form" | "api" | "cli" | "import" and what is known of it
    wording: str = ""
    confirmed_at: datetime | None = None  # where that was elsewhere, before an import
    left_at: datetime | None = None  # the same


@dataclass(frozen=True, slots=True)
class Subscription:
    """A reader's standing order for one newsletter."""

    id: int
    ref: bytes  # 16 random bytes: the only name of it that ever leaves the house
    address: str
    newsletter: str
    state: SubscriptionState
    zone: str
    at: time
    days: str
    choice: str = ""  # the chosen sections as a JSON list, sorted; "" for all
    language: str = ""
    asked_at: datetime | None = None
    asked_from: str = ""
    confirmed_at: datetime | None = None
    left_at: datetime | None = None
    paused_until: date | None = None  # a local date: the first one that is sent again
    own_only: bool = False  # no mail on a day that has nothing in the chosen sections

    @property
    def sections(self) -> tuple[str, ...]:
        """The chosen sections; empty for all of them."""
        return tuple(json.loads(self.choice)) if self.choice else ()


class Order(NamedTuple):
    """What a reader asks for: when, and which sections (empty: all)."""

    zone: str
    at: time
    days: str
    sections: tuple[str, ...] = ()
    own_only: bool = False  # no mail on a day that has nothing in these sections


class Subscribed(NamedTuple):
    """What came of asking for a subscription."""

    subscription: Subscription
    created: bool  # False: it was there already, and nothing changed
    suppressed: bool = False
