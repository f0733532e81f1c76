"""How each source has been giving stories, as two weeks of its own tell."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from digest.model import Rhythm
from digest.store import tables
from digest.store.times import seconds, utc

FORTNIGHT = timedelta(days=14)
DAY = timedelta(days=1)
DAYS = 8  # today and a week

_STORY = tables.story.c


def rhythms(connection: Connection, now: datetime) -> list[Rhythm]:
    """Of each source with new stories in the last two weeks; what a first run found old does not count."""
    before = func.lag(_STORY.first_seen).over(partition_by=_STORY.source, order_by=_STORY.first_seen)
    recent = (
        select(_STORY.source, _STORY.first_seen, (_STORY.first_seen - before).label("silence"))
        .where(_STORY.first_seen > seconds(now - FORTNIGHT), _STORY.had.is_(False))
        .subquery()
    )
    days = [_came(recent.c.first_seen, now - DAY * n).label(f"day{n}") for n in range(DAYS)]
    first, newest = func.min(recent.c.first_seen), func.max(recent.c.first_seen)
    query = (
        select(
            tables.source.c.name,
            first.label("first"),
            newest.label("newest"),
            func.max(recent.c.silence).label("silence"),
            *days,
        )
        .join(recent, recent.c.source == tables.source.c.id)
        .group_by(tables.source.c.name)
    )
    return [_rhythm(row) for row in connection.execute(query)]


def _came(column: Any, until: datetime) -> Any:
    """How many came in the 24 hours up to an instant."""
    within = and_(column > seconds(until - DAY), column <= seconds(until))
    return func.sum(case((within, 1), else_=0))


def _rhythm(row: Any) -> Rhythm:
    return Rhythm(
        row.name,
        utc(row.first),
        utc(row.newest),
        timedelta(seconds=row.silence or 0),
        tuple(int(getattr(row, f"day{n}")) for n in range(DAYS)),
    )
