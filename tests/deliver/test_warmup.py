"""A new sender begins small."""

from __future__ import annotations

from datetime import UTC, date, datetime

from digest.deliver.warmup import Warmup

FIRST = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp()
DAY = 86_400


def warmup(today: date = FIRST, **delivered: int) -> Warmup:
    used = {name.replace("_", "."): count for name, count in delivered.items()}
    return Warmup(FIRST, 2, {"example.com": 3}, used, today)


def handed(limits: Warmup, now: float, tries: int = 100) -> int:
    return sum(not limits.full_until("example.com", now) for _ in range(tries))


def test_a_domain_gets_its_number_and_then_waits_for_midnight() -> None:
    limits = warmup()
    assert handed(limits, NOON) == 3
    assert limits.full_until("example.com", NOON) == datetime(2026, 3, 11, tzinfo=UTC).timestamp()


def test_each_day_has_twice_the_last_ones() -> None:
    limits = warmup()
    assert [handed(limits, NOON + n * DAY) for n in range(4)] == [3, 6, 12, 24]


def test_what_was_delivered_before_the_run_counts() -> None:
    assert handed(warmup(example_com=2), NOON) == 1


def test_other_domains_and_the_days_before_are_not_held_up() -> None:
    limits = warmup()
    assert not any(limits.full_until("example.net", NOON) for _ in range(100))
    assert handed(limits, NOON - DAY) == 3, "before its first day the first day's number holds"
    assert limits.limit("example.com", date(2040, 1, 1)) == 10**9
