"""Local mornings as instants. Pure: dates, hours and zones in, UTC out; nobody here reads a clock.

All arithmetic is on local dates and on UTC instants, never `timedelta` added to an aware local time,
which drops `fold` (PEP 495). A local time that a clock change skips is taken with the offset before the
change, as RFC 5545 (3.3.5) says: 02:30 becomes 03:30; one that comes twice means its first coming. So a
local date has one instant, and a date that a zone never had (Apia, 30 December 2011) has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED = {"daily": frozenset(WEEKDAYS), "weekdays": frozenset(WEEKDAYS[:5])}


class Due(NamedTuple):
    """A reader's morning: the instant, and the local date it belongs to."""

    at: datetime
    day: date


def weekdays(days: str) -> frozenset[str]:
    """The weekdays that "daily", "weekdays" or a comma list such as "sat,sun" names.

    Raises ValueError with the names that would be right.
    """
    chosen = _NAMED.get(days) or frozenset(day.strip() for day in days.split(",") if day.strip())
    if not chosen or not chosen <= _NAMED["daily"]:
        raise ValueError(f"{days!r} is not daily, weekdays or a list of {', '.join(WEEKDAYS)}")
    return chosen


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The UTC instant of a local date and hour; None where the zone skipped the whole date."""
    due = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    return due if due.astimezone(zone).date() == day or _exists(day, zone) else None


def dues(zone: ZoneInfo, at: time, days: str, after: datetime) -> Iterator[Due]:
    """Every due instant strictly after `after`, in order, one a local date."""
    wanted = weekdays(days)
    day = after.astimezone(zone).date() - timedelta(days=1)
    while day < date.max - timedelta(days=2):
        if WEEKDAYS[day.weekday()] in wanted:
            due = instant(day, at, zone)
            if due is not None and due > after:
                yield Due(due, day)
        day += timedelta(days=1)


def next_due(zone: ZoneInfo, at: time, days: str, after: datetime) -> Due:
    """The first due instant strictly after `after`."""
    return next(dues(zone, at, days, after))


def cutoff_for(due: datetime, cutoff: time, zone: ZoneInfo) -> datetime:
    """When stories close for an edition due at `due`: the last such local time at or before it."""
    day = due.astimezone(zone).date()
    for back in range(3):
        closed = instant(day - timedelta(days=back), cutoff, zone)
        if closed is not None and closed <= due:
            return closed
    return due


def _exists(day: date, zone: ZoneInfo) -> bool:
    noon = datetime.combine(day, time(12), tzinfo=zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day
