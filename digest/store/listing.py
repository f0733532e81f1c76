"""Long lists, a page at a time. Each page begins behind the last row of the one before, by key, so that it
costs the same however far down the list it is, and nothing is told twice while rows are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from digest.model import DeliveryLine, DeliveryState, Incident, StoredEdition, Story, Subscription
from digest.store import tables
from digest.store.batches import BATCHED
from digest.store.database import Database
from digest.store.deliveries import line_from
from digest.store.editions import STORED, stored_from
from digest.store.stories import STORIES, story_from
from digest.store.subscriptions import SUBSCRIPTIONS, subscription_from
from digest.store.times import seconds, utc, utc_or_none

LAST = 2**53  # above any id: where a list that begins with the newest begins

_STORY = tables.story.c
_EDITION = tables.edition.c
_DELIVERY = tables.delivery.c
_SUBSCRIPTION = tables.subscription.c
_ADDRESS = tables.subscriber.c.address_key
_INCIDENT = tables.incident.c


class ListedDelivery(NamedTuple):
    """A delivery, with its edition and its reader's subscription."""

    id: int
    edition: int
    ref: bytes
    date: date  # the reader's own
    line: DeliveryLine


class ListedIncident(NamedTuple):
    """An incident, open while `closed` is None."""

    incident: Incident
    closed: datetime | None


class Listing:
    """The lists of the API and the desk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stories(
        self, before: int, limit: int, source: str = "", since: datetime | None = None
    ) -> list[Story]:
        """Stored stories, the last stored first, each at its newest version; `since` is by first_seen."""
        query = STORIES.where(_STORY.id < before).order_by(_STORY.id.desc()).limit(limit)
        query = query.where(tables.source.c.name == source) if source else query
        query = query.where(_STORY.first_seen >= seconds(since)) if since else query
        return [story_from(row) for row in self._read(query)]

    def story(self, number: int) -> Story | None:
        """One stored story."""
        return next((story_from(row) for row in self._read(STORIES.where(_STORY.id == number))), None)

    def editions(self, before: int, limit: int, newsletter: str = "") -> list[StoredEdition]:
        """Editions in any state, the newest first."""
        query = STORED.where(_EDITION.id < before).order_by(_EDITION.id.desc()).limit(limit)
        query = query.where(tables.newsletter.c.slug == newsletter) if newsletter else query
        return [stored_from(row) for row in self._read(query)]

    def deliveries(
        self, edition: int, after: int, limit: int, state: DeliveryState | None = None
    ) -> list[ListedDelivery]:
        """An edition's deliveries, in the order in which they were planned.

        By way of its batches, whose ranges of ids follow one another: a page reads no more than its rows.
        """
        batch = tables.batch.c
        query = (
            _deliveries(BATCHED)
            .where(batch.edition == edition, batch.hi > after, _DELIVERY.id > after)
            .order_by(batch.id, _DELIVERY.id)
            .limit(limit)
        )
        return self._deliveries(query, state)

    def deliveries_of(
        self, ref: bytes, after: int, limit: int, state: DeliveryState | None = None
    ) -> list[ListedDelivery]:
        """A subscription's deliveries, in the order in which they were planned."""
        mine = select(_SUBSCRIPTION.id).where(_SUBSCRIPTION.ref == ref).scalar_subquery()
        query = _deliveries(tables.delivery).where(_DELIVERY.subscription == mine, _DELIVERY.id > after)
        return self._deliveries(query.order_by(_DELIVERY.id).limit(limit), state)

    def subscriptions(
        self, after: int, limit: int, newsletter: str = "", state: str = "", text: str = ""
    ) -> list[Subscription]:
        """Subscriptions whose address is still known, the oldest first; with `text` as a part of it.

        That is looked for in all of them: 0.3 s in a million.
        """
        query = _wanted(SUBSCRIPTIONS, newsletter, state, text).where(_SUBSCRIPTION.id > after)
        return [subscription_from(row) for row in self._read(query.order_by(_SUBSCRIPTION.id).limit(limit))]

    def subscription_count(self, newsletter: str = "", state: str = "", text: str = "") -> int:
        """How many there are of these in all."""
        query = _wanted(SUBSCRIPTIONS, newsletter, state, text).with_only_columns(func.count())
        return int(self._read(query)[0][0])

    def states(self) -> dict[tuple[str, str], int]:
        """How many subscriptions each newsletter has in each state."""
        slug = tables.newsletter.c.slug
        joined = tables.subscription.join(tables.newsletter)
        query = select(slug, _SUBSCRIPTION.state, func.count()).select_from(joined)
        rows = self._read(query.group_by(slug, _SUBSCRIPTION.state))
        return {(row[0], row[1]): row[2] for row in rows}

    def incidents(self, before: int, limit: int, *, only_open: bool = False) -> list[ListedIncident]:
        """What went wrong, the newest first."""
        query = select(tables.incident).where(_INCIDENT.id < before)
        query = query.where(_INCIDENT.closed.is_(None)) if only_open else query
        rows = self._read(query.order_by(_INCIDENT.id.desc()).limit(limit))
        return [_incident(row) for row in rows]

    def _deliveries(self, query: Select[Any], state: DeliveryState | None) -> list[ListedDelivery]:
        query = query.where(_DELIVERY.state == state) if state is not None else query
        rows = self._read(query)
        return [ListedDelivery(row.id, row.edition, row.ref, row.local_date, line_from(row)) for row in rows]

    def _read(self, query: Select[Any]) -> Sequence[Any]:
        with self._database.read() as connection:
            return connection.execute(query).all()


def _deliveries(source: Any) -> Select[Any]:
    joined = source.join(tables.subscription, _SUBSCRIPTION.id == _DELIVERY.subscription).join(
        tables.subscriber, tables.subscriber.c.id == _SUBSCRIPTION.subscriber
    )
    return select(tables.delivery, _SUBSCRIPTION.ref, tables.subscriber.c.address).select_from(joined)


def _wanted(query: Select[Any], newsletter: str, state: str, text: str) -> Select[Any]:
    query = query.where(_ADDRESS.is_not(None))
    query = query.where(tables.newsletter.c.slug == newsletter) if newsletter else query
    query = query.where(_SUBSCRIPTION.state == state) if state else query
    return query.where(_ADDRESS.contains(text.casefold(), autoescape=True)) if text else query


def _incident(row: Any) -> ListedIncident:
    incident = Incident(row.id, row.key, row.kind, row.text, utc(row.opened))
    return ListedIncident(incident, utc_or_none(row.closed))
