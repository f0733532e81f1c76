"""Readers found by a part of their address, by newsletter and by state: a page of them at a time."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from digest.model import Subscription
from digest.store import tables
from digest.store.database import Database
from digest.store.subscriptions import SUBSCRIPTIONS, subscription_from

_SUBSCRIPTION = tables.subscription.c
_KEY = tables.subscriber.c.address_key


class Finding:
    """Looking for readers. A part of an address is looked for in all of them: 0.3 s in a million."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, text: str, newsletter: str, state: str, after: int = 0, limit: int = 50
    ) -> list[Subscription]:
        """Subscriptions in the order they were made, from the one after a number on; "" asks for any."""
        query = _wanted(SUBSCRIPTIONS, text, newsletter, state).where(_SUBSCRIPTION.id > after)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_SUBSCRIPTION.id).limit(limit))
            return [subscription_from(row) for row in rows]

    def count(self, text: str, newsletter: str, state: str) -> int:
        """How many there are in all."""
        found = _wanted(SUBSCRIPTIONS, text, newsletter, state).with_only_columns(func.count())
        with self._database.read() as connection:
            return connection.scalar(found) or 0

    def states(self) -> dict[tuple[str, str], int]:
        """How many subscriptions each newsletter has in each state."""
        slug = tables.newsletter.c.slug
        query = (
            select(slug, _SUBSCRIPTION.state, func.count())
            .select_from(tables.subscription.join(tables.newsletter))
            .group_by(slug, _SUBSCRIPTION.state)
        )
        with self._database.read() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def _wanted(query: Select, text: str, newsletter: str, state: str) -> Select:  # type: ignore[type-arg]  # of any columns
    query = query.where(_KEY.is_not(None))
    if text:
        query = query.where(_KEY.contains(text.casefold(), autoescape=True))
    if newsletter:
        query = query.where(tables.newsletter.c.slug == newsletter)
    if state:
        query = query.where(_SUBSCRIPTION.state == state)
    return query
