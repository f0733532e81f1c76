"""Local mornings as instants, in every zone, over every clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.schedule.due import cutoff_for, dues, instant, next_due, weekdays

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = sorted(available_timezones() - {"localtime"})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 3, 28), time(2, 30), "2026-03-28 01:30"),
        (date(2026, 3, 29), time(2, 30), "2026-03-29 01:30"),  # 02:30 is skipped: 03:30 summer time
        (date(2026, 10, 25), time(2, 30), "2026-10-25 00:30"),  # 02:30 comes twice: the first
        (date(2026, 10, 26), time(2, 30), "2026-10-26 01:30"),
    ],
)
def test_clock_changes_neither_double_nor_drop_a_morning(day: date, at: time, expected: str) -> None:
    assert instant(day, at, BERLIN) == utc(expected)


def test_a_date_that_a_zone_skipped_has_no_morning() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert instant(date(2011, 12, 30), time(7), apia) is None
    days = [due.day for due in islice(dues(apia, time(7), "daily", utc("2011-12-28 20:00")), 3)]
    assert days == [date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]


def test_the_next_morning_lies_strictly_after() -> None:
    first = next_due(BERLIN, time(7), "daily", utc("2026-03-10 05:59"))
    assert first == (utc("2026-03-10 06:00"), date(2026, 3, 10))
    assert next_due(BERLIN, time(7), "daily", first.at).day == date(2026, 3, 11)


def test_only_the_chosen_weekdays_are_due() -> None:
    friday = utc("2026-03-13 12:00")
    assert [due.day.day for due in islice(dues(BERLIN, time(7), "weekdays", friday), 3)] == [16, 17, 18]
    assert [due.day.day for due in islice(dues(BERLIN, time(7), "sat,sun", friday), 3)] == [14, 15, 21]


def test_stories_close_at_the_last_cutoff_at_or_before_the_send() -> None:
    due = utc("2026-03-10 06:00")
    assert cutoff_for(due, time(5, 30), BERLIN) == utc("2026-03-10 04:30")
    assert cutoff_for(due, time(7), BERLIN) == due
    assert cutoff_for(due, time(18), BERLIN) == utc("2026-03-09 17:00")


def test_wrong_days_are_refused_with_the_right_ones() -> None:
    with pytest.raises(ValueError, match="mon, tue"):
        weekdays("fridays")


@given(st.sampled_from(ZONES), st.integers(0, 95), st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_each_local_date_has_one_morning_in_every_zone(name: str, quarter: int, day: date) -> None:
    zone, at = ZoneInfo(name), time(*divmod(quarter * 15, 60))
    after = datetime.combine(day, time(), tzinfo=UTC)
    mornings = list(islice(dues(zone, at, "daily", after), 40))
    assert all(one.at < other.at for one, other in pairwise(mornings))
    assert all(other.day - one.day == timedelta(days=1) for one, other in pairwise(mornings))
