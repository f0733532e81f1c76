"""Short ways to say what a test is about; everything else is invented and the same each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from digest.addresses import accept
from digest.model import Consent, Found, Look, Newsletter, Order, Section, Story, Subscribed
from digest.store.readers import Readers
from digest.tokens import Tokens

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)  # a Tuesday
MORNING = Newsletter("morning", "The Morning Tide", "The Morning Tide <news@example.com>")
LOOK = Look(site="The Morning Tide", url="https://digest.example.com", postal_address="1 Quay Street")
TOKENS = Tokens(["a secret for tests only"])


def newsletter(**changes: Any) -> Newsletter:
    """The Morning Tide, changed."""
    return replace(MORNING, **changes)


def sections(*names: str) -> tuple[Section, ...]:
    return tuple(Section(name) for name in names)


def found(name: str = "harbour", **changes: Any) -> Found:
    """A story as a source gave it, an hour before noon."""
    story = Found(
        identity=name,
        url=f"https://news.example.com/{name}",
        title=f"The {name} story",
        published=NOON - timedelta(hours=1),
        section="World",
        lead=f"What happened with the {name} was told by everyone who was there to see it.",
    )
    return replace(story, **changes)


def story(number: int = 1, **changes: Any) -> Story:
    """A stored story."""
    stored = Story(
        id=number,
        version=1,
        source="wire",
        first_seen=NOON - timedelta(hours=1),
        published=NOON - timedelta(hours=1, minutes=number),
        url=f"https://news.example.com/{number}",
        title=f"Headline {number}",
        section="World",
        lead=f"Lead {number}.",
    )
    return replace(stored, **changes)


def order(
    zone: str = "UTC", at: time = time(7), days: str = "daily", sections: tuple[str, ...] = ()
) -> Order:
    return Order(zone, at, days, sections)


def subscribe(
    readers: Readers, address: str, letter: Newsletter = MORNING, wish: Order | None = None, **changes: Any
) -> Subscribed:
    """Subscribe an address, confirmed an hour before noon unless said otherwise."""
    at = changes.pop("at", NOON - timedelta(hours=1))
    consent = Consent(at, "test")
    confirmed = changes.pop("confirmed", True)
    return readers.subscribe(accept(address), letter, wish or order(), consent, confirmed=confirmed)
