"""The questions that charts and the API ask: how many, when, where, and what became of it.

Days are local ones: rows are counted by the quarter hour, the step in which all zones differ, and quarters
are put together into days here. What is told is how the tables stand now: someone who left and came back
counts from the return. Deliveries that are being sent count as planned; `Deliveries.counts` tells them apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, func, select

from digest.model import (
    Counts,
    DeliveryState,
    EditionState,
    Growth,
    Hour,
    Minute,
    OfDomain,
    Run,
    Trouble,
)
from digest.store import tables
from digest.store.database import Database
from digest.store.times import moment, seconds

QUARTER = 900  # seconds
STRIKE = "strike"  # a failure that counts against an address, see record/suppression.py

_DELIVERY = tables.delivery.c
_EDITION = tables.edition.c
_SUBSCRIPTION = tables.subscription.c
_SUBSCRIBER = tables.subscriber.c
_MOMENT = tables.moment.c
_NOW_OR_LATER = 2**40  # seconds: the end of the time in which the newest edition is the last one
_SENT = (EditionState.FROZEN, EditionState.ISSUED, EditionState.DONE)


class Statistics:
    """Counts over the whole store. Each question reads an index, or the deliveries of the editions named."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def growth(self, newsletter: str, first: date, last: date, zone: str) -> list[Growth]:
        """Every local day from `first` to `last`, those on which nothing changed included."""
        came, went = _SUBSCRIPTION.confirmed_at, _SUBSCRIPTION.left_at
        span = _span(first, last, zone)
        with self._database.read() as connection:
            mine = _SUBSCRIPTION.newsletter == _newsletter(connection, newsletter)
            ended = (mine, came.is_not(None))
            readers = _before(connection, came, span[0], mine) - _before(connection, went, span[0], *ended)
            joined = _by_day(_by_quarter(connection, came, span, mine), zone)
            left = _by_day(_by_quarter(connection, went, span, *ended), zone)
        told = []
        for day in _days(first, last):
            readers += joined[day] - left[day]
            told.append(Growth(day, joined[day], left[day], readers))
        return told

    def runs(self, newsletter: str, limit: int = 30, before: date | None = None) -> list[Run]:
        """The newest editions that were sent, or are being sent, newest first, and what came of each."""
        with self._database.read() as connection:
            rows = connection.execute(_runs(_newsletter(connection, newsletter), before).limit(limit)).all()
            counts = _counts(connection, [row.id for row in rows])
        return [
            Run(row.id, row.date, row.wave, row.subject, EditionState(row.state), counts[row.id], row.left)
            for row in rows
        ]

    def domains(self, edition: int, limit: int = 20) -> list[OfDomain]:
        """What became of an edition by recipient domain, the largest first."""
        domain = _domain(self._database.is_sqlite)
        query = _of_editions([edition], domain, _DELIVERY.state, func.count(), joined=_WITH_ADDRESS).group_by(
            domain, _DELIVERY.state
        )
        states: dict[str, dict[int, int]] = defaultdict(dict)
        with self._database.read() as connection:
            for name, state, number in connection.execute(query):
                states[name or ""][state] = number
        told = [OfDomain(name, counts_of(of)) for name, of in states.items()]
        return sorted(told, key=lambda one: (-one.counts.all, one.domain))[:limit]

    def minutes(self, edition: int) -> list[Minute]:
        """The minutes in which mails of an edition were accepted, first to last."""
        minute = _DELIVERY.at // 60
        query = _of_editions([edition], minute, func.count()).where(_DELIVERY.state == DeliveryState.ACCEPTED)
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(minute).order_by(minute)).all()
        return [Minute(moment(row[0] * 60), row[1]) for row in rows]

    def troubles(self, first: date, last: date, zone: str) -> list[Trouble]:
        """Suppressions by their reason, and strikes, on each local day that had any."""
        span, off, strike = _span(first, last, zone), tables.suppression.c, tables.strike.c
        told = []
        with self._database.read() as connection:
            for reason in connection.scalars(
                select(off.reason).where(_within(off.at, span)).distinct()
            ).all():
                of = _by_day(_by_quarter(connection, off.at, span, off.reason == reason), zone)
                told += [Trouble(day, reason, number) for day, number in of.items()]
            of = _by_day(_by_quarter(connection, strike.at, span), zone)
            told += [Trouble(day, STRIKE, number) for day, number in of.items()]
        return sorted(told)

    def hours(self, newsletter: str) -> list[Hour]:
        """When the active readers of a newsletter have their mornings, the most chosen first."""
        with self._database.read() as connection:
            query = (
                select(_MOMENT.zone, _MOMENT.at, _MOMENT.days, func.count())
                .select_from(tables.moment.join(tables.subscription, _SUBSCRIPTION.moment == _MOMENT.id))
                .where(_MOMENT.newsletter == _newsletter(connection, newsletter))
                .where(_SUBSCRIPTION.state == "active")
                .group_by(_MOMENT.id)
                .order_by(func.count().desc(), _MOMENT.id)
            )
            rows = connection.execute(query).all()
        return [Hour(row[0], time(*divmod(row[1], 60)), row[2], row[3]) for row in rows]


def counts_of(states: Mapping[int, int]) -> Counts:
    """Numbers by a delivery's state as `Counts`."""
    return Counts(**{DeliveryState(state).name.lower(): number for state, number in states.items()})


def _newsletter(connection: Connection, slug: str) -> int:
    """Its id; 0, which is nobody's, before the first reader or edition."""
    of = select(tables.newsletter.c.id).where(tables.newsletter.c.slug == slug)
    return connection.scalar(of) or 0


# An edition's deliveries are ranges of ids, so that no index on `edition` is kept: see store/deliveries.py.
_OF_BATCH = tables.batch.join(tables.delivery, _DELIVERY.id.between(tables.batch.c.lo, tables.batch.c.hi))
_WITH_ADDRESS = _OF_BATCH.join(tables.subscription, _SUBSCRIPTION.id == _DELIVERY.subscription).join(
    tables.subscriber, _SUBSCRIBER.id == _SUBSCRIPTION.subscriber
)


def _of_editions(editions: Sequence[int], *columns: Any, joined: Any = _OF_BATCH) -> Select[Any]:
    return select(*columns).select_from(joined).where(tables.batch.c.edition.in_(editions))


def _counts(connection: Connection, editions: Sequence[int]) -> Mapping[int, Counts]:
    edition = tables.batch.c.edition
    query = _of_editions(editions, edition, _DELIVERY.state, func.count()).group_by(edition, _DELIVERY.state)
    states: dict[int, dict[int, int]] = {one: {} for one in editions}
    for of, state, number in (*connection.execute(query), *_put_away(connection, editions)):
        states[of][state] = states[of].get(state, 0) + number
    return {one: counts_of(of) for one, of in states.items()}


def _put_away(connection: Connection, editions: Sequence[int]) -> Sequence[Any]:
    """What became of the deliveries that are no rows any more: edition, state, number."""
    tally = tables.tally.c
    query = select(tally.edition, tally.state, tally.deliveries).where(tally.edition.in_(editions))
    return connection.execute(query).all()


def _runs(newsletter: int, before: date | None) -> Select[Any]:
    """Editions with how many readers left between each one's freezing and the next one's."""
    sent = (_EDITION.newsletter == newsletter, _EDITION.state.in_(_SENT))
    following = func.lead(_EDITION.frozen_at, 1, _NOW_OR_LATER).over(
        order_by=[_EDITION.frozen_at, _EDITION.id]
    )
    edition = select(tables.edition, following.label("following")).where(*sent).subquery()
    left = (
        select(func.count())
        .where(
            _SUBSCRIPTION.newsletter == newsletter,
            _SUBSCRIPTION.left_at >= edition.c.frozen_at,
            _SUBSCRIPTION.left_at < edition.c.following,
            _SUBSCRIPTION.state == "unsubscribed",
            _SUBSCRIPTION.confirmed_at.is_not(None),
        )
        .scalar_subquery()
    )
    query = select(edition, left.label("left")).order_by(edition.c.date.desc(), edition.c.wave.desc())
    return query.where(edition.c.date < before) if before else query


def _domain(is_sqlite: bool) -> ColumnElement[str]:
    key = _SUBSCRIBER.address_key
    return func.substr(key, func.instr(key, "@") + 1) if is_sqlite else func.split_part(key, "@", 2)


def _within(column: ColumnElement[Any], span: tuple[int, int]) -> ColumnElement[bool]:
    return column.between(span[0], span[1] - 1)


def _before(connection: Connection, column: ColumnElement[Any], at: int, *where: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).where(column < at, *where)) or 0


def _by_quarter(
    connection: Connection, column: ColumnElement[Any], span: tuple[int, int], *where: ColumnElement[bool]
) -> Iterator[tuple[datetime, int]]:
    quarter = column // QUARTER
    query = select(quarter, func.count()).where(_within(column, span), *where).group_by(quarter)
    return ((moment(row[0] * QUARTER), row[1]) for row in connection.execute(query))


def _by_day(quarters: Iterator[tuple[datetime, int]], zone: str) -> Counter[date]:
    days, place = Counter[date](), ZoneInfo(zone)
    for at, number in quarters:
        days[at.astimezone(place).date()] += number
    return days


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _span(first: date, last: date, zone: str) -> tuple[int, int]:
    """From midnight to midnight, UTC seconds, the second one left out."""
    place = ZoneInfo(zone)
    begins, ends = (datetime.combine(day, time(), place) for day in (first, last + timedelta(days=1)))
    return seconds(begins), seconds(ends)
