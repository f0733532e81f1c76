"""A person behind one or more subscriptions: what holds for all of them, and all that is known of one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, delete, exists, insert, select, update

from digest.addresses import Address
from digest.model import DeliveryState, Event
from digest.store import tables
from digest.store.database import Database, changed, run
from digest.store.hooks import reader_happened
from digest.store.suppressions import is_suppressed
from digest.store.times import seconds, utc
from digest.tokens import Tokens

UNDO = timedelta(days=1)  # how long after leaving one tap takes it back
_SUBSCRIPTION = tables.subscription.c
_SUBSCRIBER = tables.subscriber.c


class Moved(StrEnum):
    """What came of confirming a new address."""

    DONE = "done"
    TAKEN = "taken"  # the address has a subscription of its own
    GONE = "gone"  # the link is unknown, used or too old


class People:
    """Subscribers as persons, found by the ref of any of their subscriptions."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens

    def refs(self, ref: bytes) -> list[bytes]:
        """The refs of all subscriptions of the person, oldest first; [] where none is known."""
        theirs = select(_SUBSCRIPTION.ref).where(_SUBSCRIPTION.subscriber == _person(ref))
        with self._database.read() as connection:
            return list(connection.scalars(theirs.order_by(_SUBSCRIPTION.id)))

    def settle(self, ref: bytes, language: str, paused_until: date | None) -> None:
        """Set what holds for all of a person's subscriptions. `paused_until` is the first day sent again."""
        with self._database.write() as connection:
            person = update(tables.subscriber).where(_SUBSCRIBER.id == _person(ref))
            connection.execute(person.values(language=language))
            theirs = update(tables.subscription).where(_SUBSCRIPTION.subscriber == _person(ref))
            connection.execute(theirs.values(paused_until=paused_until))

    def come_back(self, ref: bytes, now: datetime) -> bool:
        """Undo a leaving of the last day, under the consent given before; False where it cannot be undone.

        Mail withdrawn by the leaving stays withdrawn: the next edition is the first again.
        """
        left = and_(
            _SUBSCRIPTION.ref == ref,
            _SUBSCRIPTION.state == "unsubscribed",
            _SUBSCRIPTION.confirmed_at.is_not(None),
            _SUBSCRIPTION.left_at > seconds(now - UNDO),
        )
        with self._database.write() as connection:
            if self._is_off(connection, _person(ref)):
                return False
            back = update(tables.subscription).where(left)
            done = changed(run(connection, back.values(state="active", left_at=None)))
            if done:
                hooks, mine = self._database.hooks, _SUBSCRIPTION.ref == ref
                reader_happened(connection, hooks, Event.SUBSCRIBER_CONFIRMED, mine, now)
            return done

    def move(self, ref: bytes, address: Address, now: datetime) -> bytes:
        """Keep the wish to move a person to `address`, to be confirmed there; gives the move's own ref."""
        made = secrets.token_bytes(16)
        with self._database.write() as connection:
            subscriber = connection.execute(select(_person(ref))).scalar_one()
            values = {"ref": made, "subscriber": subscriber, "asked_at": seconds(now)}
            address_values = {"address": address.mailed, "address_key": address.key}
            connection.execute(delete(tables.move).where(tables.move.c.subscriber == subscriber))
            connection.execute(insert(tables.move).values(**values, **address_values))
        return made

    def wants_to_move(self, move: bytes) -> bool:
        """Whether a move waits for its confirmation."""
        with self._database.read() as connection:
            return bool(connection.scalar(select(exists().where(tables.move.c.ref == move))))

    def confirm_move(self, move: bytes) -> Moved:
        """Give a person the new address. A mere record of that address, with no live subscription, yields."""
        with self._database.write() as connection:
            row = connection.execute(select(tables.move).where(tables.move.c.ref == move)).first()
            if row is None or is_suppressed(connection, self._tokens.suppression_key(row.address_key)):
                return Moved.GONE
            if connection.scalar(select(_live(row.address_key, row.subscriber))):
                return Moved.TAKEN
            _free(connection, row.address_key, row.subscriber)
            mine = update(tables.subscriber).where(_SUBSCRIBER.id == row.subscriber)
            connection.execute(mine.values(address=row.address, address_key=row.address_key))
            connection.execute(delete(tables.move).where(tables.move.c.subscriber == row.subscriber))
            return Moved.DONE

    def known(self, ref: bytes) -> Mapping[str, Any]:
        """Everything stored about a person, for that person (GDPR, 15 and 20). Empty where unknown."""
        with self._database.read() as connection:
            person = connection.execute(
                select(tables.subscriber).where(_SUBSCRIBER.id == _person(ref))
            ).first()
            if person is None:
                return {}
            theirs = connection.execute(_SUBSCRIPTIONS.where(_SUBSCRIPTION.subscriber == person.id))
            mails = connection.execute(_DELIVERIES.where(_SUBSCRIPTION.subscriber == person.id))
            single = connection.execute(_SINGLES.where(tables.outbox.c.address == person.address))
            key = self._tokens.suppression_key(person.address_key) if person.address_key else ""
            off = connection.execute(_OFF.where(tables.suppression.c.address_hmac == key)).mappings().first()
            return {
                "address": person.address,
                "language": person.language,
                "known_since": utc(person.created),
                "subscriptions": [_plain(row) for row in theirs.mappings()],
                "editions_mailed": [_plain(row) for row in mails.mappings()],
                "other_mails": [_plain(row) for row in single.mappings()],
                "suppression": _plain(off) if off else None,
            }

    def _is_off(self, connection: Connection, subscriber: Any) -> bool:
        key = connection.scalar(select(_SUBSCRIBER.address_key).where(_SUBSCRIBER.id == subscriber))
        return key is None or is_suppressed(connection, self._tokens.suppression_key(key))


_SUBSCRIPTIONS = select(
    tables.newsletter.c.slug.label("newsletter"),
    _SUBSCRIPTION.state,
    tables.moment.c.zone,
    tables.moment.c.at.label("minutes_after_midnight"),
    tables.moment.c.days,
    _SUBSCRIPTION.choice.label("sections"),
    _SUBSCRIPTION.paused_until,
    _SUBSCRIPTION.asked_at,
    _SUBSCRIPTION.asked_from,
    _SUBSCRIPTION.wording,
    _SUBSCRIPTION.confirmed_at,
    _SUBSCRIPTION.left_at,
).select_from(
    tables.subscription.join(tables.newsletter, tables.newsletter.c.id == _SUBSCRIPTION.newsletter).join(
        tables.moment, tables.moment.c.id == _SUBSCRIPTION.moment
    )
)
_DELIVERIES = select(
    tables.delivery.c.local_date, tables.delivery.c.state, tables.delivery.c.at, tables.delivery.c.reply
).select_from(tables.delivery.join(tables.subscription))
_SINGLES = select(tables.outbox.c.kind, tables.outbox.c.state, tables.outbox.c.created)
_OFF = select(tables.suppression.c.reason, tables.suppression.c.detail, tables.suppression.c.at)
_MOMENTS = {"asked_at", "confirmed_at", "left_at", "at", "created"}


def _person(ref: bytes) -> Any:
    return select(_SUBSCRIPTION.subscriber).where(_SUBSCRIPTION.ref == ref).scalar_subquery()


def _others(address_key: str, subscriber: int) -> Select[Any]:
    return select(_SUBSCRIBER.id).where(_SUBSCRIBER.address_key == address_key, _SUBSCRIBER.id != subscriber)


def _live(address_key: str, subscriber: int) -> Any:
    others = _SUBSCRIPTION.subscriber.in_(_others(address_key, subscriber))
    return exists().where(others, _SUBSCRIPTION.state == "active")


def _free(connection: Connection, address_key: str, subscriber: int) -> None:
    """Take an address from whoever has it without reading anything."""
    others = _others(address_key, subscriber)
    ended = update(tables.subscription).where(_SUBSCRIPTION.subscriber.in_(others))
    connection.execute(ended.values(state="unsubscribed"))
    emptied = update(tables.subscriber).where(_SUBSCRIBER.id.in_(others))
    connection.execute(emptied.values(address=None, address_key=None))


def _plain(row: RowMapping) -> dict[str, Any]:
    """A row for people: times as times, states by name."""
    values = {
        name: utc(value) if name in _MOMENTS and value is not None else value for name, value in row.items()
    }
    if isinstance(row.get("state"), int):
        values["state"] = DeliveryState(row["state"]).name.lower()
    return values
