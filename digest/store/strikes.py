"""Failures that count against an address, one a delivery, and when a mail last arrived there."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, Select, func, select, text

from digest.model import Subscription
from digest.store import tables
from digest.store.database import Database, insert_into
from digest.store.times import moment, seconds

# Both in the notation of the ledger too, which counts at SMTP time.
STRIKES = "SELECT at FROM strike WHERE subscriber = :person"

# Before the delivery that fails now. A 250 whose mail came back is no success: its failure was counted after
# it; one after a failed attempt is.
SUCCESS = """
    SELECT MAX(d.at) FROM delivery d JOIN subscription s ON s.id = d.subscription
    WHERE s.subscriber = :person AND d.state = 3 AND d.id <> :failing AND NOT EXISTS (
        SELECT 1 FROM strike k WHERE k.subscriber = s.subscriber AND k.delivery = d.id AND k.at >= d.at)"""


class Strike(NamedTuple):
    """A failure that counts: when, of which day's edition (None where that was put away), and why."""

    at: datetime
    day: date | None
    why: str


class Strikes:
    """What speaks against a reader's address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, reader: Subscription) -> tuple[list[datetime], datetime | None]:
        """When deliveries to this person failed, and when one last arrived, of whatever subscription.

        The reader's newest delivery is not among the latter: it is the one that is said to have come back.
        """
        with self._database.read() as connection:
            person, failing = connection.scalar(select(_person(reader))), connection.scalar(_newest(reader))
            times = connection.scalars(text(STRIKES), {"person": person}).all()
            success = connection.scalar(text(SUCCESS), {"person": person, "failing": failing})
        return [moment(at) for at in times], moment(success) if success is not None else None

    def newest(self, reader: Subscription, limit: int) -> list[Strike]:
        """The person's last failures, newest first, of any of their subscriptions."""
        strike, delivery = tables.strike.c, tables.delivery.c
        query = (
            select(strike.at, strike.reason, delivery.local_date, delivery.reply)
            .select_from(tables.strike.outerjoin(tables.delivery, delivery.id == strike.delivery))
            .where(strike.subscriber == _person(reader))
            .order_by(strike.at.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [Strike(moment(row.at), row.local_date, row.reason or row.reply or "") for row in rows]

    def add(self, reader: Subscription, now: datetime, reason: str = "") -> None:
        """Count a failure of the reader's newest delivery; the same one again is not another, but later.

        `reason` is what the returned mail meant; it holds nothing that names the reader.
        """
        row = {
            "subscriber": _person(reader),
            "delivery": _newest(reader).scalar_subquery(),
            "at": seconds(now),
            "reason": reason,
        }
        with self._database.write() as connection:
            new = insert_into(connection, tables.strike).values(row)
            later = {"at": new.excluded.at, "reason": new.excluded.reason}
            keys = ["subscriber", "delivery"]
            connection.execute(new.on_conflict_do_update(index_elements=keys, set_=later))


def _newest(reader: Subscription) -> Select[int]:
    """The reader's last delivery; 0, which is none's, where there was none or it was put away."""
    delivery = tables.delivery.c
    return select(func.coalesce(func.max(delivery.id), 0)).where(delivery.subscription == reader.id)


def _person(reader: Subscription) -> ScalarSelect[int]:
    subscription = tables.subscription.c
    return select(subscription.subscriber).where(subscription.id == reader.id).scalar_subquery()
