"""Who is due, and one delivery for each of them: planned in chunks, safe to begin again at any point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    Select,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from digest.model import DeliveryState, Moment, Newsletter, Plan
from digest.schedule.due import next_due
from digest.store import tables
from digest.store.database import Database, changed, ensure, insert_or_ignore, run
from digest.store.editions import newsletter_id
from digest.store.times import moment, seconds

CHUNK = 20_000  # deliveries a transaction: long enough to be quick, short enough to let others write
BATCH = 500  # deliveries a claim


class Planning:
    """The moments, and the deliveries planned from them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def clock(self, newsletter: Newsletter, now: datetime) -> Moment:
        """The moment that is the newsletter's own zone and hour, made where it is missing."""
        with self._database.write() as connection:
            place = moment_id(
                connection, newsletter, newsletter.zone, newsletter.send_at, newsletter.days, now
            )
            return _moment(connection.execute(_MOMENTS.where(tables.moment.c.id == place)).one())

    def moments(self, newsletter: Newsletter) -> list[Moment]:
        """All moments at which a newsletter has, or had, readers."""
        with self._database.read() as connection:
            query = _MOMENTS.where(tables.newsletter.c.slug == newsletter.slug).order_by(tables.moment.c.id)
            return [_moment(row) for row in connection.execute(query)]

    def due(self, newsletter: Newsletter, now: datetime) -> list[Moment]:
        """The moments whose time has come, earliest first."""
        query = _MOMENTS.where(
            tables.moment.c.next_due <= seconds(now), tables.newsletter.c.slug == newsletter.slug
        )
        with self._database.read() as connection:
            return [_moment(row) for row in connection.execute(query.order_by(tables.moment.c.next_due))]

    def advance(self, place: Moment, to: datetime) -> bool:
        """Set a moment's next due time, once: False if another scheduler has done so already."""
        with self._database.write() as connection:
            there = update(tables.moment).where(
                tables.moment.c.id == place.id, tables.moment.c.next_due == seconds(place.next_due)
            )
            return changed(run(connection, there.values(next_due=seconds(to))))

    def plan(self, moments: Sequence[Moment], plan: Plan) -> int:
        """Plan a delivery for every active reader of these moments who has none; how many were planned.

        Readers confirmed after the due time are left out, as are those who had this edition or an issue for
        this date: the unique keys say so, whatever another scheduler does at the same time.
        """
        return sum(self._plan_moment(place, plan) for place in moments)

    def readers(self, moments: Sequence[Moment], plan: Plan) -> int:
        """How many deliveries `plan` would plan now."""
        with self._database.read() as connection:
            return sum(
                connection.scalar(_wanted(place.id, plan).with_only_columns(func.count()).order_by(None)) or 0
                for place in moments
            )

    def _plan_moment(self, place: Moment, plan: Plan) -> int:
        planned, cursor = 0, 0
        while True:
            with self._database.plan() as connection:
                top = _top_of_chunk(connection, place.id, plan, cursor)
                if top is None:
                    return planned
                planned += _plan_chunk(connection, place.id, plan, cursor, top)
                cursor = top


_MOMENTS = select(tables.moment).select_from(tables.moment.join(tables.newsletter))


def moment_id(
    connection: Connection, newsletter: Newsletter, zone: str, at: time, days: str, now: datetime
) -> int:
    """The row of a moment, made where nobody had it yet; inside a write."""
    key = {
        "newsletter": newsletter_id(connection, newsletter.slug),
        "zone": zone,
        "at": at.hour * 60 + at.minute,
        "days": days,
    }
    due = next_due(ZoneInfo(zone), at, days, now)
    return ensure(connection, tables.moment, key, next_due=seconds(due.at))


def _moment(row: Any) -> Moment:
    return Moment(row.id, row.zone, time(*divmod(row.at, 60)), row.days, moment(row.next_due))


def _wanted(place: int, plan: Plan) -> Select[Any]:
    """The subscriptions a plan is for, in id order."""
    subscription = tables.subscription.c
    had = exists().where(tables.had.c.subscription == subscription.id, tables.had.c.edition == plan.edition)
    issued = exists().where(
        tables.delivery.c.subscription == subscription.id, tables.delivery.c.local_date == plan.local_date
    )
    return (
        select(subscription.id)
        .where(
            subscription.moment == place,
            subscription.state == "active",
            subscription.confirmed_at <= seconds(plan.due),
            or_(subscription.paused_until.is_(None), subscription.paused_until <= plan.local_date),
            ~had,
            ~issued,
        )
        .order_by(subscription.id)
    )


def _top_of_chunk(connection: Connection, place: int, plan: Plan, cursor: int) -> int | None:
    chunk = _wanted(place, plan).where(tables.subscription.c.id > cursor).limit(CHUNK).subquery()
    top = connection.scalar(select(func.max(chunk.c.id)))
    return None if top is None else int(top)


def _plan_chunk(connection: Connection, place: int, plan: Plan, cursor: int, top: int) -> int:
    """Insert one chunk of deliveries, what they make had, and the batches that hold them."""
    before = connection.scalar(select(func.max(tables.delivery.c.id))) or 0
    due = seconds(plan.due)
    values = {
        "local_date": plan.local_date,
        "edition": plan.edition,
        "rendering": plan.rendering,
        "state": DeliveryState.PLANNED.value,
        "due": due,
        "expires": seconds(plan.expires),
        "next_at": due,
        "attempts": 0,
        "doubts": 0,
    }
    chunk = _wanted(place, plan).where(tables.subscription.c.id > cursor, tables.subscription.c.id <= top)
    columns = [literal(value, tables.delivery.c[name].type) for name, value in values.items()]
    connection.execute(
        insert_or_ignore(connection, tables.delivery).from_select(
            ["subscription", *values], chunk.add_columns(*columns)
        )
    )
    new = tables.delivery.c.id > before
    had = select(tables.delivery.c.subscription, tables.delivery.c.edition)
    connection.execute(
        insert_or_ignore(connection, tables.had).from_select(["subscription", "edition"], had.where(new))
    )
    count, last = connection.execute(select(func.count(), func.max(tables.delivery.c.id)).where(new)).one()
    if count:
        _add_batches(connection, plan, before + 1, last)
    return int(count)


def _add_batches(connection: Connection, plan: Plan, first: int, last: int) -> None:
    rows = [{"lo": lo, "hi": min(lo + BATCH - 1, last)} for lo in range(first, last + 1, BATCH)]
    same = {"edition": plan.edition, "local_date": plan.local_date, "next_at": seconds(plan.due)}
    connection.execute(insert(tables.batch), [same | row for row in rows])
