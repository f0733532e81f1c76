"""A source that fails again and again is an incident, told once, and over when it answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from digest.collect.harvest import Collected, Gathered, Harvest
from digest.errors import StoreError
from digest.model import Source, SourceState
from digest.pipeline import collect
from digest.ports import Visits
from digest.steps.collecting import DEAD_AFTER
from digest.steps.service import Service
from tests.builders import NOON, found
from tests.steps.conftest import Serve

QUARTER = timedelta(minutes=15)


class Net:
    """Sources that answer, unless they are dead."""

    def __init__(self, *dead: str) -> None:
        self.dead = dead

    async def fetch(self, source: Source, state: SourceState, now: datetime) -> Collected:
        if source.name in self.dead:
            failed = SourceState(failures=state.failures + 1, failing_since=state.failing_since or now)
            return Collected(source.name, "failed", failed, reason="no answer")
        story = found(f"{source.name} {now.isoformat()}")
        harvest = Harvest((Gathered(story), Gathered(replace(story, title=""))), ("line 3: no headline",), 2)
        return Collected(source.name, "ok", SourceState(last_success=now), harvest)


def service_of(serve: Serve, *names: str) -> Service:
    return replace(serve(), sources=tuple(map(Source, names)))


def incidents(service: Service) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in service.incidents.current()]


async def test_a_dead_source_is_told_after_three_failures_and_once(serve: Serve) -> None:
    service = service_of(serve, "wire", "local")
    for visit in range(DEAD_AFTER + 2):
        assert len(incidents(service)) == (visit >= DEAD_AFTER)
        await collect(service, Net("wire"), NOON + visit * QUARTER)
    [(kind, text)] = incidents(service)
    assert kind == "dead source"
    assert text == "Source wire has given nothing since 2026-03-10 12:00 UTC: no answer"
    await collect(service, Net(), NOON + timedelta(hours=2))
    assert incidents(service) == []


async def test_a_dead_source_stops_no_other(serve: Serve) -> None:
    service = service_of(serve, "dead", "wire")
    dead, wire = await collect(service, Net("dead"), NOON)
    assert (dead.status, dead.saved.new) == ("failed", 0)
    assert (wire.status, wire.saved.new) == ("ok", 1)


class Forgetful:
    """Visits of which one cannot be looked up."""

    def __init__(self, visits: Visits, lost: str) -> None:
        self._visits = visits
        self._lost = lost

    def state(self, name: str) -> SourceState:
        if name == self._lost:
            raise StoreError("disk image is malformed")
        return self._visits.state(name)

    def record(self, name: str, *more: Any) -> None:
        self._visits.record(name, *more)


class Slow(Net):
    """Sources that answer when all else has had its turn."""

    async def fetch(self, source: Source, state: SourceState, now: datetime) -> Collected:
        for _ in range(50):
            await asyncio.sleep(0)
        return await super().fetch(source, state, now)


async def test_what_goes_wrong_in_the_store_is_raised_when_the_others_are_done(serve: Serve) -> None:
    service = service_of(serve, "lost", "wire", "local")
    with pytest.raises(StoreError, match="malformed"):
        await collect(replace(service, visits=Forgetful(service.visits, "lost")), Slow(), NOON)
    stored = service.stories.published_since(NOON - timedelta(days=1))
    assert {story.source for story in stored} == {"wire", "local"}


async def test_a_visit_tells_what_was_not_stored_and_why(serve: Serve) -> None:
    [visit] = await collect(service_of(serve, "wire"), Net(), NOON)
    assert visit.skipped == {"bad": 1, "ruled out": 2, "without headline or doubled": 1}
    assert visit.fetched == 5
