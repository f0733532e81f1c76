"""A service that lives through mornings: ticks, readers, and what each of them got."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from digest.model import DeliveryState, Edition, Letter, Look, Newsletter, Rendering, Segment, Subscription
from digest.pipeline import issue
from digest.render.choice import kept
from digest.render.trim import Trimmed
from digest.steps import editions
from digest.steps.issuing import Issued
from digest.steps.past import past_of, remembered
from digest.steps.service import Service
from digest.store import tables
from digest.store.database import Database
from digest.store.readers import Readers
from tests.builders import found, subscribe
from tests.builders import order as order_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Mail:
    """One planned delivery, and the numbers of the stories that are in it."""

    reader: str
    day: date
    due: int
    edition: int
    stories: tuple[int, ...]


class Mornings:
    """A newsletter's service on a store of its own."""

    def __init__(self, service: Service, readers: Readers, database: Database) -> None:
        self.service, self.readers, self._database = service, readers, database
        self.newsletter: Newsletter = service.newsletters[0]

    def join(self, name: str, now: datetime, **wish: Any) -> Subscription:
        """A reader, confirmed now."""
        address = f"{name}@example.com"
        return subscribe(self.readers, address, self.newsletter, order_of(**wish), at=now).subscription

    def change(self, reader: Subscription, now: datetime, **wish: Any) -> None:
        assert self.readers.change(reader.ref, self.newsletter, order_of(**wish), now)

    def publish(self, name: str, at: datetime, source: str = "wire", **changes: Any) -> None:
        """A story is published, and seen at once."""
        self.service.stories.save(source, [found(name, **{"published": at} | changes)], at)

    def tick(self, at: datetime) -> list[Issued]:
        return issue(self.service, at)

    def mails(self) -> list[Mail]:
        """All that was planned, in order."""
        query = (
            select(tables.delivery, tables.subscription.c.ref, tables.subscription.c.choice)
            .add_columns(tables.subscriber.c.address, tables.subscription.c.own_only)
            .select_from(tables.delivery.join(tables.subscription).join(tables.subscriber))
            .order_by(tables.delivery.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        stories: dict[int, tuple[int, ...]] = {}
        for rendering in {row.rendering for row in rows}:
            stories |= self._stories(rendering, [row for row in rows if row.rendering == rendering])
        return [
            Mail(row.address.partition("@")[0], row.local_date, row.due, row.edition, stories[row.id])
            for row in rows
        ]

    def all_accepted(self) -> None:
        """Every planned mail has been taken by its server."""
        with self._database.write() as connection:
            connection.execute(update(tables.delivery).values(state=DeliveryState.ACCEPTED))

    def days(self, name: str) -> list[date]:
        """The local dates under which a reader has an issue."""
        query = (
            select(tables.delivery.c.local_date)
            .select_from(tables.delivery.join(tables.subscription).join(tables.subscriber))
            .where(tables.subscriber.c.address == f"{name}@example.com")
            .order_by(tables.delivery.c.id)
        )
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def titles(self, edition: int) -> list[str]:
        items = self.service.editions.load(self.newsletter, edition).items
        return [item.story.title for item in items]

    def _stories(self, rendering: int, rows: Sequence[Any]) -> dict[int, tuple[int, ...]]:
        """By delivery, for those of one rendering."""
        letters = [
            Letter(row.id, rendering, row.address, row.ref, row.choice, row.due, 0, 0, row.own_only)
            for row in rows
        ]
        past = past_of(self.service.retold, rendering) if self.newsletter.is_rolling else None
        segments = self.service.renderings.load(rendering).segments
        return {
            letter.delivery: tuple(
                story for n in kept(segments, None, letter.had) if (story := segments[n].story) is not None
            )
            for letter in remembered(self.service.deliveries, past, letters)
        }


@contextmanager
def plain_rendering(monkeypatch: Any) -> Iterator[None]:
    """Editions rendered without templates: one segment a story, which is all that is looked at."""
    with monkeypatch.context() as patch:
        patch.setattr(editions, "fit", _plain)
        yield


def _plain(edition: Edition, _look: Look) -> tuple[Trimmed, Rendering]:
    segments = tuple(
        Segment(b"", b"", item.section, item.story.id, headline=item.story.title) for item in edition.items
    )
    return Trimmed(replace(edition)), Rendering("@@m@@", b"", "=_b", segments)
