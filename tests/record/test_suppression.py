"""When an address is mailed no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.model import Returned
from digest.record.suppression import Reason, counts, reason, worn_out
from digest.replies import Kind

NOW = datetime(2025, 3, 31, 7, tzinfo=UTC)


def days_ago(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=day) for day in days]


def came_back(kind: str, meaning: str = "") -> Returned:
    return Returned("anna@example.com", kind, meaning=meaning)


def test_a_dead_address_and_a_complaint_count_at_once() -> None:
    assert reason(came_back("hard", Kind.HARD), [], None, NOW) is Reason.HARD
    assert reason(came_back("complaint"), [], None, NOW) is Reason.COMPLAINT


def test_a_success_does_not_outweigh_a_complaint() -> None:
    assert reason(came_back("complaint"), [], NOW, NOW) is Reason.COMPLAINT


def test_the_fifth_failure_in_a_fortnight_is_the_last() -> None:
    full = came_back("soft", Kind.FULL)
    assert reason(full, days_ago(1, 2, 3), None, NOW) is None
    assert reason(full, days_ago(1, 2, 3, 4), None, NOW) is Reason.SOFT


@pytest.mark.parametrize(
    ("strikes", "success", "worn"),
    [
        (days_ago(0, 1, 2, 3, 4), None, True),
        (days_ago(0, 1, 2, 3), None, False),
        (days_ago(0, 1, 2, 3, 13.9), None, True),
        (days_ago(0, 1, 2, 3, 14), None, False),
        (days_ago(0, 1, 2, 3, 4), days_ago(5)[0], True),
        (days_ago(0, 1, 2, 3, 4), days_ago(3.5)[0], False),
        (days_ago(0, 1, 2, 3, 4, 5, 6), days_ago(4.5)[0], True),
        (days_ago(-1, 1, 2, 3, 4), None, False),
        ([], None, False),
    ],
)
def test_old_failures_and_those_before_a_success_decay(
    strikes: list[datetime], success: datetime | None, worn: bool
) -> None:
    assert worn_out(strikes, success, NOW) is worn


@pytest.mark.parametrize("meaning", sorted(set(Kind) - {Kind.FULL, Kind.TEMPORARY, Kind.FAILED}))
def test_what_is_not_the_readers_fault_never_counts(meaning: Kind) -> None:
    assert not counts(came_back("soft", meaning))
    assert reason(came_back("soft", meaning), days_ago(1, 2, 3, 4, 5, 6), None, NOW) is None


def test_what_is_no_returned_mail_never_counts() -> None:
    assert reason(came_back("none"), days_ago(1, 2, 3, 4, 5), None, NOW) is None
