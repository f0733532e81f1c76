"""The moments at which readers are due: one row a zone, hour and days, however many read then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, case, select, update

from digest.model import Coming, Moment, Mornings, Newsletter, Order
from digest.schedule.due import dues, falls_on, is_sent, next_due, next_morning
from digest.store import tables
from digest.store.database import ensure
from digest.store.newsletters import newsletter_id
from digest.store.times import seconds, utc

_MOMENT = tables.moment.c
_MOMENTS = select(tables.moment).select_from(tables.moment.join(tables.newsletter))


def due_query(newsletter: Newsletter, now: datetime) -> Select[Any]:
    """What a tick asks: it reads moments by their next due time, and no subscription."""
    return of_newsletter(newsletter).where(_MOMENT.next_due <= seconds(now)).order_by(_MOMENT.next_due)


def moment_id(
    connection: Connection, newsletter: Newsletter, zone: str, at: time, days: str, now: datetime
) -> int:
    """The row of a moment, made where nobody had it yet; inside a write."""
    key = {
        "newsletter": newsletter_id(connection, newsletter.slug),
        "zone": zone,
        "at": minutes_of(at),
        "days": days,
    }
    due = next_due(ZoneInfo(zone), at, days, now)
    return ensure(connection, tables.moment, key, next_due=seconds(due.at))


def come_to(
    connection: Connection, newsletter: Newsletter, order: Order, subscription: int, now: datetime
) -> int:
    """The moment of an order, made ready for a reader who comes to it from another; inside a write.

    Where its instant for a date that the reader has no issue of lies behind us, but not by more than
    `late_by`, the moment is set back to it: the next tick issues it again, which is nothing new to those who
    have theirs. The count of moves tells a tick that is at this very moment, and may have looked at the
    reader's row before, that it has to look again.
    """
    moment = moment_id(connection, newsletter, *order[:3], now)
    own = (newsletter.zone, newsletter.send_at, newsletter.days)
    ticks = moment if newsletter.mornings is Mornings.READER else moment_id(connection, newsletter, *own, now)
    came = update(tables.moment).where(_MOMENT.id == ticks).values(moves=_MOMENT.moves + 1)
    connection.execute(came)
    missing = _missing(connection, newsletter, order, subscription, now)
    if missing is not None:
        earlier = case((_MOMENT.next_due > seconds(missing), seconds(missing)), else_=_MOMENT.next_due)
        connection.execute(update(tables.moment).where(_MOMENT.id == moment).values(next_due=earlier))
    return moment


def _missing(
    connection: Connection, newsletter: Newsletter, order: Order, subscription: int, now: datetime
) -> datetime | None:
    """The first instant of the last `late_by` whose date the reader has no issue of."""
    if newsletter.mornings is Mornings.HOME:
        return None
    since = now - timedelta(seconds=newsletter.late_by)
    coming = dues(ZoneInfo(order.zone), order.at, order.days, since, newsletter.skip)
    had = select(tables.delivery.c.local_date).where(tables.delivery.c.subscription == subscription)
    for due in takewhile(lambda due: due.at <= now, coming):
        if connection.execute(had.where(tables.delivery.c.local_date == due.day)).first() is None:
            return due.at
    return None


def of_newsletter(newsletter: Newsletter) -> Select[Any]:
    return _MOMENTS.where(tables.newsletter.c.slug == newsletter.slug)


def moment_from(row: Any) -> Moment:
    return Moment(row.id, row.zone, time(*divmod(row.at, 60)), row.days, utc(row.next_due), row.moves)


def minutes_of(at: time) -> int:
    return at.hour * 60 + at.minute


def coming_waves(
    newsletter: Newsletter, now: datetime, rows: Sequence[Any]
) -> Iterator[tuple[Coming, list[int]]]:
    """Each moment's next wave, which may be a later one than its row says: a holiday is passed over.

    With each wave the ids of the moments that its readers have.
    """
    for row in rows:
        moment = moment_from(row)
        coming = dues(ZoneInfo(moment.zone), moment.at, moment.days, now, newsletter.skip)
        due = next((due for due in islice(coming, 7) if is_sent(newsletter, due.day)), None)
        if due:
            yield Coming(due.at, due.day, moment.zone, row.readers), [moment.id]


def coming_home(newsletter: Newsletter, now: datetime, rows: Sequence[Any]) -> list[tuple[Coming, list[int]]]:
    """The newsletter's own next morning, for all who read on that weekday."""
    due = next_morning(newsletter, now)
    reading = [row for row in rows if falls_on(row.days, due.day)]
    wave = Coming(due.at, due.day, newsletter.zone, sum(row.readers for row in reading))
    return [(wave, [row.id for row in reading])] if reading else []
