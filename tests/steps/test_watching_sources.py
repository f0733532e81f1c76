"""Late and thin sources: an incident each, told once, over when the source is back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from digest.model import Source, SourceState
from digest.steps.service import Service
from digest.steps.watching import watch_sources
from tests.builders import NOON, found
from tests.steps.conftest import Serve

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def service(serve: Serve) -> Service:
    return replace(serve(), sources=(Source("wire"),))


def give(service: Service, source: str, stories: int, at: datetime) -> None:
    """New stories, spread over the hours before an instant."""
    for n in range(stories):
        seen = at - n * 12 * HOUR / max(stories, 1)
        service.stories.save(source, [found(f"{source} {seen.isoformat()}", published=seen)], seen)


def fortnight(service: Service, source: str = "wire") -> None:
    for day in range(13, 0, -1):
        give(service, source, 10, NOON - day * DAY)


def told(service: Service) -> list[tuple[str, str]]:
    return [(incident.key, incident.kind) for incident in service.incidents.current()]


def test_silence_is_told_once_and_is_over_when_news_comes(service: Service) -> None:
    fortnight(service)
    watch_sources(service, NOON - DAY + HOUR)
    assert told(service) == []
    for hours in (3, 4):
        watch_sources(service, NOON + hours * HOUR)
        assert told(service) == [("late:wire", "late source")]
    give(service, "wire", 10, NOON + 5 * HOUR)
    watch_sources(service, NOON + 5 * HOUR)
    assert told(service) == []


def test_a_trickle_is_thin(service: Service) -> None:
    fortnight(service)
    give(service, "wire", 3, NOON)
    watch_sources(service, NOON)
    assert told(service) == [("thin:wire", "thin source")]


def test_what_is_dead_is_not_told_again_as_late(service: Service) -> None:
    fortnight(service)
    service.visits.record("wire", SourceState(failing_since=NOON - DAY, failures=9), NOON)
    watch_sources(service, NOON + DAY)
    assert told(service) == []


def test_a_source_that_is_no_longer_configured_is_nobodys_worry(service: Service) -> None:
    fortnight(service, "gone")
    watch_sources(service, NOON + 2 * DAY)
    assert told(service) == []
