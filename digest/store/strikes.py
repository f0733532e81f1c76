"""Failures that count against an address, one a delivery, and when a mail last arrived there."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, func, select

from digest.model import DeliveryState, Subscription
from digest.store import tables
from digest.store.database import Database, insert_or_ignore
from digest.store.times import moment, seconds


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
        """When deliveries to this reader failed, and when one was last accepted and did not come back."""
        delivery, strike = tables.delivery.c, tables.strike.c
        returned = select(strike.delivery).where(strike.subscriber == _person(reader))
        with self._database.read() as connection:
            times = connection.scalars(select(strike.at).where(strike.subscriber == _person(reader))).all()
            success = connection.scalar(
                select(func.max(delivery.at)).where(
                    delivery.subscription == reader.id,
                    delivery.state == DeliveryState.ACCEPTED,
                    delivery.id.not_in(returned),
                )
            )
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
        """Count a failure of the reader's newest delivery; the same one again is not another.

        `reason` is what the returned mail meant; it holds nothing that names the reader.
        """
        delivery = tables.delivery.c
        newest = select(func.coalesce(func.max(delivery.id), 0)).where(delivery.subscription == reader.id)
        row = {
            "subscriber": _person(reader),
            "delivery": newest.scalar_subquery(),
            "at": seconds(now),
            "reason": reason,
        }
        with self._database.write() as connection:
            connection.execute(insert_or_ignore(connection, tables.strike).values(row))


def _person(reader: Subscription) -> ScalarSelect[int]:
    subscription = tables.subscription.c
    return select(subscription.subscriber).where(subscription.id == reader.id).scalar_subquery()
