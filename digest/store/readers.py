"""Subscribers and their subscriptions: one standing order a person and newsletter, with its consent."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, select, update

from digest.addresses import Address
from digest.model import Consent, Newsletter, Order, Subscribed, Subscription
from digest.store import tables
from digest.store.database import Database, changed, ensure, run
from digest.store.editions import newsletter_id
from digest.store.planning import moment_id
from digest.store.suppressions import is_suppressed, withdraw
from digest.store.times import moment, seconds
from digest.tokens import Tokens

_SUBSCRIPTION = tables.subscription.c


class Readers:
    """All subscribers. Suppressed addresses are known by keyed hash, also after they were erased."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens

    def subscribe(
        self, address: Address, newsletter: Newsletter, order: Order, consent: Consent, *, confirmed: bool
    ) -> Subscribed:
        """Add a subscription, pending until confirmed; one that exists is left as it is.

        Someone who left comes back as pending, or as active where `confirmed` says that consent is proven.
        A suppressed address gets no subscription at all.
        """
        with self._database.write() as connection:
            return self._subscribe(connection, address, newsletter, order, consent, confirmed)

    def take_in(
        self,
        people: Sequence[tuple[Address, Order]],
        newsletter: Newsletter,
        consent: Consent,
        *,
        confirmed: bool,
    ) -> list[Subscribed]:
        """Subscribe many in one transaction: an import. Nobody who left is brought back by it."""
        with self._database.write() as connection:
            return [
                self._left(connection, address, newsletter)
                or self._subscribe(connection, address, newsletter, order, consent, confirmed)
                for address, order in people
            ]

    def _left(self, connection: Connection, address: Address, newsletter: Newsletter) -> Subscribed | None:
        row = connection.execute(_of_person(address.key, newsletter.slug)).first()
        if row and row.state == "unsubscribed":
            return Subscribed(_subscription(row), created=False)
        return None

    def _subscribe(
        self,
        connection: Connection,
        address: Address,
        newsletter: Newsletter,
        order: Order,
        consent: Consent,
        confirmed: bool,
    ) -> Subscribed:
        if self._is_suppressed(connection, address):
            return Subscribed(_unsaved(address, newsletter, order), created=False, suppressed=True)
        theirs = _of_person(address.key, newsletter.slug)
        row = connection.execute(theirs).first()
        if row and (row.state == "active" or (row.state == "pending" and not confirmed)):
            return Subscribed(_subscription(row), created=False)
        place = moment_id(connection, newsletter, *order[:3], consent.at)
        values = _values(place, order, consent, confirmed)
        if row:
            connection.execute(update(tables.subscription).where(_SUBSCRIPTION.id == row.id).values(**values))
        else:
            keys = {
                "ref": secrets.token_bytes(16),
                "subscriber": _subscriber(connection, address, consent.at),
                "newsletter": newsletter_id(connection, newsletter.slug),
            }
            connection.execute(insert(tables.subscription).values(**keys, **values))
        return Subscribed(_subscription(connection.execute(theirs).one()), created=True)

    def confirm(self, ref: bytes, now: datetime) -> Subscription | None:
        """Activate a pending subscription; one that was left since stays left. None for an unknown ref."""
        with self._database.write() as connection:
            pending = and_(_SUBSCRIPTION.ref == ref, _SUBSCRIPTION.state == "pending")
            connection.execute(
                update(tables.subscription).where(pending).values(state="active", confirmed_at=seconds(now))
            )
            return _by_ref(connection, ref)

    def leave(self, ref: bytes, now: datetime) -> Subscription | None:
        """End a subscription and withdraw its unsent mail in one transaction; twice is harmless."""
        with self._database.write() as connection:
            left = and_(_SUBSCRIPTION.ref == ref, _SUBSCRIPTION.state.in_(["pending", "active"]))
            ended = update(tables.subscription).where(left)
            if changed(run(connection, ended.values(state="unsubscribed", left_at=seconds(now)))):
                withdraw(connection, select(_SUBSCRIPTION.id).where(_SUBSCRIPTION.ref == ref), now)
            return _by_ref(connection, ref)

    def by_ref(self, ref: bytes) -> Subscription | None:
        """The subscription a token names."""
        with self._database.read() as connection:
            return _by_ref(connection, ref)

    def of(self, address: Address) -> list[Subscription]:
        """All subscriptions of an address, whatever their state."""
        with self._database.read() as connection:
            query = _SUBSCRIPTIONS.where(tables.subscriber.c.address_key == address.key)
            return [_subscription(row) for row in connection.execute(query)]

    def status(self, address: Address) -> str:
        """suppressed, else active if any subscription is, else pending, else unsubscribed; "" if unknown."""
        with self._database.read() as connection:
            if self._is_suppressed(connection, address):
                return "suppressed"
        states = {subscription.state for subscription in self.of(address)}
        return next((state for state in ("active", "pending", "unsubscribed") if state in states), "")

    def change(self, ref: bytes, newsletter: Newsletter, order: Order, now: datetime) -> Subscription | None:
        """Give a subscription another hour, zone, days or sections; what is planned already stays planned."""
        with self._database.write() as connection:
            place = moment_id(connection, newsletter, *order[:3], now)
            there = update(tables.subscription).where(_SUBSCRIPTION.ref == ref)
            connection.execute(there.values(moment=place, choice=_choice(order.sections)))
            return _by_ref(connection, ref)

    def every(self, newsletter: str | None = None) -> Iterator[Subscription]:
        """Every subscription whose address is still known, page by page."""
        last = 0
        while True:
            query = _SUBSCRIPTIONS.where(_SUBSCRIPTION.id > last, tables.subscriber.c.address.is_not(None))
            if newsletter:
                query = query.where(tables.newsletter.c.slug == newsletter)
            with self._database.read() as connection:
                rows = connection.execute(query.order_by(_SUBSCRIPTION.id).limit(1000)).all()
            if not rows:
                return
            yield from map(_subscription, rows)
            last = rows[-1].id

    def counts(self, newsletter: str) -> dict[str, int]:
        """How many subscriptions a newsletter has in each state."""
        query = (
            select(_SUBSCRIPTION.state, func.count())
            .select_from(tables.subscription.join(tables.newsletter))
            .where(tables.newsletter.c.slug == newsletter)
            .group_by(_SUBSCRIPTION.state)
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def _is_suppressed(self, connection: Connection, address: Address) -> bool:
        return is_suppressed(connection, self._tokens.suppression_key(address.key))


_SUBSCRIPTIONS = select(
    _SUBSCRIPTION.id,
    _SUBSCRIPTION.ref,
    _SUBSCRIPTION.state,
    _SUBSCRIPTION.choice,
    _SUBSCRIPTION.paused_until,
    _SUBSCRIPTION.asked_at,
    _SUBSCRIPTION.asked_from,
    _SUBSCRIPTION.confirmed_at,
    _SUBSCRIPTION.left_at,
    tables.subscriber.c.address,
    tables.subscriber.c.language,
    tables.newsletter.c.slug,
    tables.moment.c.zone,
    tables.moment.c.at,
    tables.moment.c.days,
).select_from(
    tables.subscription.join(tables.subscriber)
    .join(tables.newsletter, tables.newsletter.c.id == _SUBSCRIPTION.newsletter)
    .join(tables.moment, tables.moment.c.id == _SUBSCRIPTION.moment)
)


def _of_person(address_key: str, newsletter: str) -> Select[Any]:
    return _SUBSCRIPTIONS.where(
        tables.subscriber.c.address_key == address_key, tables.newsletter.c.slug == newsletter
    )


def _subscriber(connection: Connection, address: Address, now: datetime) -> int:
    return ensure(
        connection,
        tables.subscriber,
        {"address_key": address.key},
        ref=secrets.token_bytes(16),
        address=address.mailed,
        created=seconds(now),
    )


def _values(place: int, order: Order, consent: Consent, confirmed: bool) -> dict[str, Any]:
    return {
        "moment": place,
        "state": "active" if confirmed else "pending",
        "choice": _choice(order.sections),
        "asked_at": seconds(consent.at),
        "asked_from": consent.origin,
        "wording": consent.wording,
        "confirmed_at": seconds(consent.at) if confirmed else None,
        "left_at": None,
    }


def _choice(sections: Sequence[str]) -> str:
    """Sections in one order, so that readers of the same choice share the pieces of their mail."""
    return json.dumps(sorted(sections), ensure_ascii=False) if sections else ""


def _by_ref(connection: Connection, ref: bytes) -> Subscription | None:
    row = connection.execute(_SUBSCRIPTIONS.where(_SUBSCRIPTION.ref == ref)).first()
    return _subscription(row) if row else None


def _subscription(row: Any) -> Subscription:
    return Subscription(
        id=row.id,
        ref=row.ref,
        address=row.address or "",
        newsletter=row.slug,
        state=row.state,
        zone=row.zone,
        at=time(*divmod(row.at, 60)),
        days=row.days,
        choice=row.choice,
        language=row.language,
        asked_at=moment(row.asked_at),
        asked_from=row.asked_from,
        confirmed_at=moment(row.confirmed_at) if row.confirmed_at is not None else None,
        left_at=moment(row.left_at) if row.left_at is not None else None,
        paused_until=row.paused_until,
    )


def _unsaved(address: Address, newsletter: Newsletter, order: Order) -> Subscription:
    hour = (order.zone, order.at, order.days)
    return Subscription(0, b"", address.mailed, newsletter.slug, "suppressed", *hour, _choice(order.sections))
