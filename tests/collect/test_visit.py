from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.collect import visit
from digest.collect.answer import Declined
from digest.errors import ConfigError, SourceError
from digest.model import Source, SourceState

NOW = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
SOURCE = Source("world", url="https://example.com/rss", every=900)
STATE = SourceState(of="https://example.com/rss")
BROKEN = SourceError("no answer")


def failing(times: int, start: datetime = NOW) -> SourceState:
    state = STATE
    for _ in range(times):
        state = visit.failed(SOURCE, state, BROKEN, state.next_at or start)
    return state


def test_a_success_ends_a_failure_and_sets_the_next_visit() -> None:
    state = visit.succeeded(SOURCE, failing(3), NOW)
    assert state == SourceState(of=STATE.of, last_success=NOW, next_at=NOW + timedelta(minutes=15))


def test_a_failing_source_is_asked_later_and_later() -> None:
    waits = []
    state, now = STATE, NOW
    for _ in range(7):
        state = visit.failed(SOURCE, state, BROKEN, now)
        assert state.next_at
        waits.append((state.next_at - now).total_seconds() / 60)
        now = state.next_at
    assert waits == [15, 30, 60, 120, 240, 360, 360]
    assert state.failing_since == NOW
    assert state.reason == "no answer"


def test_what_has_failed_for_a_week_is_asked_once_a_day() -> None:
    state = visit.failed(SOURCE, failing(1), BROKEN, NOW + timedelta(days=8))
    assert state.next_at == NOW + timedelta(days=9)


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (STATE, "new"),
        (visit.succeeded(SOURCE, STATE, NOW), "active"),
        (failing(1), "failing"),
        (replace(failing(1), failing_since=NOW - timedelta(days=8)), "inactive"),
    ],
)
def test_how_a_source_stands(state: SourceState, standing: str) -> None:
    assert visit.standing(state, NOW) == standing


def test_the_longer_of_back_off_and_retry_after_counts() -> None:
    state = visit.failed(SOURCE, STATE, Declined("slow down", "7200"), NOW)
    assert state.next_at == NOW + timedelta(hours=2)
    assert visit.not_now(SOURCE, state, NOW + timedelta(hours=1)) == (
        "not before 2026-03-10 08:30 UTC after 1 failures: slow down"
    )
    assert visit.not_now(SOURCE, state, NOW + timedelta(hours=2)) == ""


def test_a_learnt_address_that_keeps_failing_is_given_up() -> None:
    state = replace(STATE, moved_to="https://example.com/new", etag='"x"')
    for _ in range(visit.MOVED_BACK - 1):
        state = visit.failed(SOURCE, state, BROKEN, NOW)
        assert state.moved_to
    state = visit.failed(SOURCE, state, BROKEN, NOW)
    assert (state.moved_to, state.etag) == ("", "")


def test_what_was_learnt_at_another_address_is_forgotten() -> None:
    state = replace(failing(3), etag='"x"')
    assert visit.known(SOURCE, state) == state
    assert visit.known(replace(SOURCE, url="https://example.org/"), state) == SourceState(
        of="https://example.org/"
    )


@pytest.mark.parametrize("hours", ["always", "25:00-26:00", "06:00"])
def test_hours_that_are_none_are_a_configuration_error(hours: str) -> None:
    with pytest.raises(ConfigError, match='must be like "06:00-22:00"'):
        visit.not_now(replace(SOURCE, active_hours=hours), STATE, NOW)


@pytest.mark.parametrize(
    ("hours", "zone", "active"),
    [
        ("", "UTC", True),
        ("06:00-22:00", "UTC", True),
        ("07:00-22:00", "UTC", False),
        ("07:00-22:00", "Europe/Berlin", True),
        ("22:00-07:00", "UTC", True),
        ("22:00-06:00", "UTC", False),
        ("06:30-06:31", "UTC", True),
    ],
)
def test_a_source_sleeps_outside_its_hours(hours: str, zone: str, active: bool) -> None:
    reason = visit.not_now(replace(SOURCE, active_hours=hours, zone=zone), STATE, NOW)
    assert (reason == "") is active
