"""Addresses never to be mailed again, kept by keyed hash so that they outlive erasure and imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, delete, exists, func, insert, literal, select, update

from digest.addresses import Address
from digest.model import DeliveryState, Event, Hook
from digest.store import tables
from digest.store.crossed import redone
from digest.store.database import Database, changed, chunks, insert_or_ignore, run
from digest.store.hooks import reader_happened
from digest.store.journal import ERASED, LIFTED, SUPPRESSED, Entry
from digest.store.times import moment, seconds
from digest.tokens import Tokens

_TRYABLE = (DeliveryState.PLANNED, DeliveryState.DEFERRED, DeliveryState.IN_DOUBT)
_SUBSCRIPTION = tables.subscription.c
_LIFTED = ("address_hmac", "reason", "detail", "at", "lifted_at", "lifted_by")


class Suppression(NamedTuple):
    """Why an address is off. `address` is None where only its hash is left."""

    address: str | None
    reason: str
    detail: str
    at: datetime


class Lifted(NamedTuple):
    """A suppression that was taken back, when, and by whom."""

    reason: str
    detail: str
    at: datetime
    lifted_at: datetime
    lifted_by: str


class Suppressions:
    """The addresses that are off, and the ways to put one there or take it back."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens

    def add(self, address: Address, reason: str, detail: str, now: datetime) -> bool:
        """Never mail an address again, and withdraw what is planned for it; False if it was so already."""
        return bool(self.add_all([address], reason, detail, now))

    @redone
    def add_all(self, addresses: Sequence[Address], reason: str, detail: str, now: datetime) -> int:
        """The same for many, in one transaction; how many were not suppressed already."""
        keys = {self._tokens.suppression_key(one.key): one.key for one in addresses}
        with self._database.write() as connection:
            fresh = suppress(connection, self._database.hooks, keys, reason, detail, now)
            self._database.journal.append(*(Entry(now, SUPPRESSED, key, reason) for key in fresh))
        return len(fresh)

    def lift(self, address: Address, now: datetime, by: str = "") -> bool:
        """Take a suppression back; subscriptions that it had stopped go on. False if there was none.

        What it had been is kept on record, with `by`, who said so.
        """
        key = self._tokens.suppression_key(address.key)
        there = tables.suppression.c.address_hmac == key
        with self._database.write() as connection:
            record = select(tables.suppression, literal(seconds(now)), literal(by)).where(there)
            connection.execute(insert(tables.lifted).from_select(_LIFTED, record))
            gone = run(connection, delete(tables.suppression).where(there))
            theirs = _SUBSCRIPTION.subscriber.in_(ids_of(address.key))
            stopped = update(tables.subscription).where(theirs, _SUBSCRIPTION.state == "suppressed")
            connection.execute(stopped.values(state="active", left_at=None))
        if changed(gone):
            self._database.journal.append(Entry(now, LIFTED, key))
        return changed(gone)

    def find(self, address: Address) -> Suppression | None:
        """Why this address is off; None if it is not."""
        key = self._tokens.suppression_key(address.key)
        query = select(tables.suppression).where(tables.suppression.c.address_hmac == key)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Suppression(address.mailed, row.reason, row.detail, moment(row.at)) if row else None

    def lifted(self, address: Address) -> Sequence[Lifted]:
        """The suppressions of this address that were taken back, newest first."""
        of = tables.lifted.c
        there = of.address_hmac == self._tokens.suppression_key(address.key)
        with self._database.read() as connection:
            rows = connection.execute(select(tables.lifted).where(there).order_by(of.id.desc())).all()
        return [
            Lifted(row.reason, row.detail, moment(row.at), moment(row.lifted_at), row.lifted_by)
            for row in rows
        ]

    def every(self) -> Sequence[Suppression]:
        """Every suppression, newest first."""
        newest = select(tables.suppression).order_by(tables.suppression.c.at.desc())
        with self._database.read() as connection:
            known = self._known(connection)
            return [_suppression(row, known) for row in connection.execute(newest)]

    def page(self, after: str, limit: int) -> list[tuple[str, Suppression]]:
        """Some suppressions with their keyed hashes, by hash, from behind one on."""
        off = tables.suppression.c
        some = select(tables.suppression).where(off.address_hmac > after).order_by(off.address_hmac)
        with self._database.read() as connection:
            known = self._known(connection)
            rows = connection.execute(some.limit(limit)).all()
            return [(row.address_hmac, _suppression(row, known)) for row in rows]

    def _known(self, connection: Connection) -> Mapping[str, str]:
        """The addresses of stopped readers, by keyed hash: of all others only the hash is kept."""
        person = tables.subscriber.c
        stopped = select(person.address, person.address_key).join(tables.subscription)
        rows = connection.execute(stopped.where(_SUBSCRIPTION.state == "suppressed"))
        return {self._tokens.suppression_key(row.address_key): row.address for row in rows if row.address_key}

    @redone
    def erase(self, address: Address, now: datetime) -> bool:
        """Forget a person: the address goes, unsent mail is withdrawn, what the ledger counted stays."""
        person = tables.subscriber.c
        with self._database.write() as connection:
            ref = connection.scalar(select(person.ref).where(person.address_key == address.key))
            if ref is None:
                return False
            theirs = _SUBSCRIPTION.subscriber.in_(ids_of(address.key))
            alive = and_(theirs, _SUBSCRIPTION.state.in_(["active", "pending"]))
            hooks, event = self._database.hooks, Event.SUBSCRIBER_LEFT
            # Whoever is forgotten is not named to others once more.
            reader_happened(connection, hooks, event, alive, now, reason="erased", address=None)
            forget(connection, ref, now)
            self._database.journal.append(Entry(now, ERASED, ref.hex()))
        return True


def _suppression(row: Any, known: Mapping[str, str]) -> Suppression:
    return Suppression(known.get(row.address_hmac), row.reason, row.detail, moment(row.at))


def suppress(
    connection: Connection,
    hooks: Sequence[Hook],
    keys: Mapping[str, str],
    reason: str,
    detail: str,
    now: datetime,
) -> list[str]:
    """What `Suppressions.add_all` does, within another transaction; those that were not suppressed already.

    `keys` are the addresses' keyed hashes, each with its address key.
    """
    told = {"reason": reason, "detail": detail, "at": seconds(now)}
    fresh: list[str] = []
    for some in chunks([{"address_hmac": key, **told} for key in keys]):
        added = insert_or_ignore(connection, tables.suppression).values(list(some))
        fresh += connection.scalars(added.returning(tables.suppression.c.address_hmac))
    for part in chunks(fresh):
        theirs = _SUBSCRIPTION.subscriber.in_(ids_of(*(keys[key] for key in part)))
        withdraw(connection, select(_SUBSCRIPTION.id).where(theirs), now)
        active = and_(theirs, _SUBSCRIPTION.state == "active")
        reader_happened(connection, hooks, Event.SUBSCRIBER_LEFT, active, now, reason="suppressed")
        stopped = update(tables.subscription).where(active)
        connection.execute(stopped.values(state="suppressed", left_at=seconds(now)))
    return fresh


def forget(connection: Connection, ref: bytes, now: datetime) -> None:
    """End all that a person has with us, and take their address away."""
    person = tables.subscriber.c
    theirs = _SUBSCRIPTION.subscriber.in_(select(person.id).where(person.ref == ref))
    withdraw(connection, select(_SUBSCRIPTION.id).where(theirs), now)
    left_at = func.coalesce(_SUBSCRIPTION.left_at, seconds(now))
    ended = update(tables.subscription).where(theirs)
    connection.execute(ended.values(state="unsubscribed", left_at=left_at, asked_from=""))
    nameless = update(tables.subscriber).where(person.ref == ref)
    connection.execute(nameless.values(address=None, address_key=None))


def suppressed(connection: Connection, tokens: Tokens, address_keys: Sequence[str]) -> set[str]:
    """Which of these addresses are off."""
    hashes = {tokens.suppression_key(key): key for key in address_keys}
    there = tables.suppression.c.address_hmac
    return {
        hashes[found]
        for some in chunks(list(hashes))
        for found in connection.scalars(select(there).where(there.in_(some)))
    }


def is_suppressed(connection: Connection, hmac_key: str) -> bool:
    """Whether an address is off, by its keyed hash."""
    return bool(connection.scalar(select(exists().where(tables.suppression.c.address_hmac == hmac_key))))


def withdraw(connection: Connection, subscriptions: Any, now: datetime) -> None:
    """Take back every delivery of these subscriptions that has not left yet."""
    connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.subscription.in_(subscriptions), tables.delivery.c.state.in_(_TRYABLE))
        .values(state=DeliveryState.WITHDRAWN, at=seconds(now), next_at=None)
    )


def ids_of(*address_keys: str) -> Any:
    """The subscribers of these addresses, as a subquery."""
    return select(tables.subscriber.c.id).where(tables.subscriber.c.address_key.in_(address_keys))
