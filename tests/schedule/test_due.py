"""Local mornings as instants, in every zone, over every clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise, product
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.schedule.due import (
    Due,
    cutoff_for,
    day_of,
    dues,
    home_wave,
    instant,
    last_due,
    next_due,
    next_morning,
    wave_of,
    weekdays,
)
from tests.builders import newsletter

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


def test_a_newsletters_next_morning_is_one_of_its_days_and_no_holiday() -> None:
    morning = newsletter(zone="Europe/Berlin", days="weekdays", skip=(date(2026, 3, 9),))
    assert next_morning(morning, utc("2026-03-06 08:00")) == Due(utc("2026-03-10 06:00"), date(2026, 3, 10))


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


def test_a_skipped_hour_that_ends_the_evening_belongs_to_the_date_it_was_meant_for() -> None:
    # Ittoqqortoormiit goes from 23:00 to 00:00: the 23:15 of 29 March comes at 00:15 of the 30th.
    zone = ZoneInfo("America/Scoresbysund")
    due = instant(date(2025, 3, 29), time(23, 15), zone)
    assert due is not None
    assert due.astimezone(zone).date() == date(2025, 3, 30)
    assert day_of(due, time(23, 15), zone) == date(2025, 3, 29)


def test_a_date_keeps_its_name_when_the_clock_rules_change_after_its_due_time_was_set() -> None:
    as_was_known = utc("2026-10-26 06:00")  # before Berlin gave up summer time, say
    assert day_of(as_was_known - timedelta(hours=1), time(7), BERLIN) == date(2026, 10, 26)
    assert day_of(as_was_known + timedelta(hours=1), time(7), BERLIN) == date(2026, 10, 26)


def test_the_last_morning_is_the_one_before_holidays_and_days_off() -> None:
    monday = utc("2026-03-09 06:00")
    friday = Due(utc("2026-03-06 06:00"), date(2026, 3, 6))
    assert last_due(BERLIN, time(7), "weekdays", monday) == friday
    skip = [date(2026, 3, 6), date(2026, 3, 5)]
    assert last_due(BERLIN, time(7), "weekdays", monday, skip) == (utc("2026-03-04 06:00"), date(2026, 3, 4))
    always = [date(2026, 3, 9) - timedelta(days=back) for back in range(500)]
    assert last_due(BERLIN, time(7), "daily", monday, always) is None


def test_holidays_are_passed_over() -> None:
    eve = utc("2026-12-23 12:00")
    skip = [date(2026, 12, 25), date(2026, 12, 26)]
    assert [due.day.day for due in islice(dues(BERLIN, time(7), "daily", eve, skip), 3)] == [24, 27, 28]


def test_a_wave_is_named_by_its_quarter_hour_and_the_home_one_by_the_newsletters_morning() -> None:
    assert wave_of(utc("2026-03-10 06:00")) == "2026-03-10T06:00Z"
    dublin = newsletter(zone="Europe/Dublin", cutoff=None)
    assert home_wave(dublin, date(2026, 7, 1)) == "2026-07-01T06:00Z"
    assert home_wave(newsletter(), date(2026, 7, 1)) == ""


START, DAYS = date(2025, 1, 1), 1096
DATES = [START + timedelta(days=n) for n in range(DAYS)]
Offsets = tuple[timedelta | None, ...]


def changes(zone: ZoneInfo) -> dict[date, Offsets]:
    """The dates of three years since whose eve a zone's clock has changed, and its offsets by the hour."""
    noons = [datetime.combine(day, time(12), tzinfo=zone).utcoffset() for day in DATES]
    changed = [day for day, (a, b) in zip(DATES[1:], pairwise(noons), strict=True) if a != b]
    return {
        day: tuple(
            datetime.combine(one, time(hour), tzinfo=zone).utcoffset()
            for one in (day - timedelta(days=1), day)
            for hour in range(24)
        )
        for day in (START, *changed)
    }


@cache
def clocks() -> dict[str, tuple[date, ...]]:
    """One zone for each way that a clock goes, of all IANA zones, and the dates on which it changes."""
    found = {tuple(changes(ZoneInfo(name)).items()): name for name in ZONES}
    return {name: tuple(day for day, _ in way[1:]) for way, name in found.items()}


def test_three_years_of_mornings_come_once_each_in_every_zone() -> None:
    """Every clock walks all its dates at one hour; the next test takes all hours where clocks change."""
    for number, name in enumerate(clocks()):
        zone, at = ZoneInfo(name), time(*divmod(number * 45 % 1440, 60))
        midnight = datetime.combine(START, time(), tzinfo=zone).astimezone(UTC)
        walked = list(islice(dues(zone, at, "daily", midnight - timedelta(seconds=1)), DAYS))
        assert [due.day for due in walked] == DATES, name
        assert all(one.at < other.at for one, other in pairwise(walked)), name
    assert len(clocks()) > 50


def test_every_quarter_hour_of_a_clock_change_comes_once_and_keeps_its_date_in_every_zone() -> None:
    for name, days in clocks().items():
        zone = ZoneInfo(name)
        for day, quarter in product(days, range(96)):
            at = time(*divmod(quarter * 15, 60))
            near = [day + timedelta(days=n) for n in (-1, 0, 1)]
            instants = [due for one in near if (due := instant(one, at, zone))]
            assert instants == sorted(set(instants)), (name, day, at)
            assert [day_of(due, at, zone) for due in instants] == near, (name, day, at)
