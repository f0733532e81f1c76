"""Local mornings as instants. Pure: dates, hours and zones in, UTC out; nobody here reads a clock.

All arithmetic is on local dates and on UTC instants, never `timedelta` added to an aware local time,
which drops `fold` (PEP 495). A local time that a clock change skips is taken with the offset before the
change, as RFC 5545 (3.3.5) says: 02:30 becomes 03:30; one that comes twice means its first coming. So a
local date has one instant, and a date that a zone never had (Apia, 30 December 2011) has none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from digest.model import Newsletter

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_BACK = 400  # days: the longest pause after which the morning before it is still found
_NAMED = {"daily": frozenset(WEEKDAYS), "weekdays": frozenset(WEEKDAYS[:5])}
_DAY = timedelta(days=1)


class Due(NamedTuple):
    """A reader's morning: the instant, and the local date it belongs to."""

    at: datetime
    day: date


@cache
def zone_names() -> frozenset[str]:
    """Every IANA time zone. Kept: to list them reads a folder of hundreds of files."""
    return frozenset(available_timezones())


@lru_cache(512)
def weekdays(days: str) -> frozenset[str]:
    """The weekdays that "daily", "weekdays" or a comma list such as "sat,sun" names.

    Raises ValueError with the names that would be right.
    """
    chosen = _NAMED.get(days) or frozenset(day.strip() for day in days.split(",") if day.strip())
    if not chosen or not chosen <= _NAMED["daily"]:
        raise ValueError(f"{days!r} is not daily, weekdays or a list of {', '.join(WEEKDAYS)}")
    return chosen


def falls_on(days: str, day: date) -> bool:
    """Whether these days include a date."""
    return WEEKDAYS[day.weekday()] in weekdays(days)


def is_sent(newsletter: Newsletter, day: date) -> bool:
    """Whether a newsletter is sent on a date at all: one of its days, and no holiday or pause."""
    return falls_on(newsletter.days, day) and day not in newsletter.skip


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The UTC instant of a local date and hour; None where the zone skipped the whole date."""
    due = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    return due if due.astimezone(zone).date() == day or _exists(day, zone) else None


def dues(zone: ZoneInfo, at: time, days: str, after: datetime, skip: Collection[date] = ()) -> Iterator[Due]:
    """Every due instant strictly after `after`, in order, one a local date; none on a date of `skip`."""
    day = after.astimezone(zone).date() - _DAY
    while day < date.max - 2 * _DAY:
        if falls_on(days, day) and day not in skip:
            due = instant(day, at, zone)
            if due is not None and due > after:
                yield Due(due, day)
        day += _DAY


def next_due(zone: ZoneInfo, at: time, days: str, after: datetime, skip: Collection[date] = ()) -> Due:
    """The first due instant strictly after `after`."""
    return next(dues(zone, at, days, after, skip))


def next_morning(newsletter: Newsletter, after: datetime) -> Due:
    """The newsletter's own first morning strictly after `after`, in its own zone."""
    zone = ZoneInfo(newsletter.zone)
    return next_due(zone, newsletter.send_at, newsletter.days, after, newsletter.skip)


def last_due(
    zone: ZoneInfo, at: time, days: str, before: datetime, skip: Collection[date] = ()
) -> Due | None:
    """The last due instant strictly before `before`; None where there was none for longer than a year."""
    today = before.astimezone(zone).date()
    for back in range(-1, LOOK_BACK):
        day = today - timedelta(days=back)
        if falls_on(days, day) and day not in skip:
            due = instant(day, at, zone)
            if due is not None and due < before:
                return Due(due, day)
    return None


def day_of(due: datetime, at: time, zone: ZoneInfo) -> date:
    """The local date that a due instant belongs to.

    Not always the date on the clock then: where 23:15 is skipped, that evening's instant is 00:15 of the
    next date. The nearest one is taken, so that new clock rules since `due` was set move no date.
    """
    today = due.astimezone(zone).date()
    near = {day: instant(day, at, zone) for day in (today - _DAY, today, today + _DAY)}
    return min((abs(one - due), day) for day, one in near.items() if one is not None)[1]


def cutoff_for(due: datetime, cutoff: time, zone: ZoneInfo) -> datetime:
    """When stories close for an edition due at `due`: the last such local time at or before it."""
    day = due.astimezone(zone).date()
    for back in range(3):
        closed = instant(day - timedelta(days=back), cutoff, zone)
        if closed is not None and closed <= due:
            return closed
    return due


def wave_of(at: datetime) -> str:
    """An instant as an edition's wave: the UTC quarter hour, "2026-03-10T06:00Z"."""
    quarter = at.astimezone(UTC).replace(minute=at.minute // 15 * 15)
    return f"{quarter:%Y-%m-%dT%H:%MZ}"


def home_wave(newsletter: Newsletter, day: date) -> str:
    """The wave of a date's home morning: the one that stands in the archive. "" where all get one edition."""
    if not newsletter.is_rolling:
        return ""
    zone = ZoneInfo(newsletter.zone)
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    return wave_of(instant(day, newsletter.send_at, zone) or noon)


def _exists(day: date, zone: ZoneInfo) -> bool:
    noon = datetime.combine(day, time(12), tzinfo=zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day
