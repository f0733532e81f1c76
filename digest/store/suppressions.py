"""Addresses never to be mailed again, kept by keyed hash so that they outlive erasure and imports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, delete, exists, select, update

from digest.addresses import Address
from digest.model import DeliveryState
from digest.store import tables
from digest.store.database import Database, changed, inserted, run
from digest.store.journal import ERASED, LIFTED, SUPPRESSED, Entry
from digest.store.times import moment, seconds
from digest.tokens import Tokens

_TRYABLE = (DeliveryState.PLANNED, DeliveryState.DEFERRED, DeliveryState.IN_DOUBT)
_SUBSCRIPTION = tables.subscription.c


class Suppression(NamedTuple):
    """Why an address is off. `address` is None where only its hash is left."""

    address: str | None
    reason: str
    detail: str
    at: datetime


class Suppressions:
    """The addresses that are off, and the ways to put one there or take it back."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens

    def add(self, address: Address, reason: str, detail: str, now: datetime) -> bool:
        """Never mail an address again, and withdraw what is planned for it; False if it was so already."""
        key = self._tokens.suppression_key(address.key)
        values = {"address_hmac": key, "reason": reason, "detail": detail, "at": seconds(now)}
        with self._database.write() as connection:
            if not inserted(connection, tables.suppression, values):
                return False
            theirs = _SUBSCRIPTION.subscriber.in_(ids_of(address.key))
            withdraw(connection, select(_SUBSCRIPTION.id).where(theirs), now)
            stopped = update(tables.subscription).where(theirs, _SUBSCRIPTION.state == "active")
            connection.execute(stopped.values(state="suppressed", left_at=seconds(now)))
        self._database.journal.append(Entry(now, SUPPRESSED, key, reason))
        return True

    def lift(self, address: Address, now: datetime) -> bool:
        """Take a suppression back; subscriptions that it had stopped go on. False if there was none."""
        key = self._tokens.suppression_key(address.key)
        with self._database.write() as connection:
            gone = run(connection, delete(tables.suppression).where(tables.suppression.c.address_hmac == key))
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

    def every(self) -> Sequence[Suppression]:
        """Every suppression, newest first."""
        stopped = (
            select(tables.subscriber.c.address, tables.subscriber.c.address_key)
            .join(tables.subscription)
            .where(_SUBSCRIPTION.state == "suppressed")
        )
        with self._database.read() as connection:
            rows = connection.execute(
                select(tables.suppression).order_by(tables.suppression.c.at.desc())
            ).all()
            known = {
                self._tokens.suppression_key(row.address_key): row.address
                for row in connection.execute(stopped)
                if row.address_key
            }
        return [
            Suppression(known.get(row.address_hmac), row.reason, row.detail, moment(row.at)) for row in rows
        ]

    def erase(self, address: Address, now: datetime) -> bool:
        """Forget a person: the address goes, unsent mail is withdrawn, what the ledger counted stays."""
        with self._database.write() as connection:
            theirs = _SUBSCRIPTION.subscriber.in_(ids_of(address.key))
            withdraw(connection, select(_SUBSCRIPTION.id).where(theirs), now)
            left_at = case((_SUBSCRIPTION.left_at.is_(None), seconds(now)), else_=_SUBSCRIPTION.left_at)
            ended = update(tables.subscription).where(theirs)
            connection.execute(ended.values(state="unsubscribed", left_at=left_at, asked_from=""))
            there = tables.subscriber.c.address_key == address.key
            ref = connection.scalar(select(tables.subscriber.c.ref).where(there))
            person = update(tables.subscriber).where(there)
            run(connection, person.values(address=None, address_key=None))
        if ref is None:
            return False
        self._database.journal.append(Entry(now, ERASED, ref.hex()))
        return True


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


def ids_of(address_key: str) -> Any:
    """The subscriber of an address, as a subquery."""
    return select(tables.subscriber.c.id).where(tables.subscriber.c.address_key == address_key)
