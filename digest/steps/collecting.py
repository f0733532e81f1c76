"""From a source's answer to stored stories."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from digest.collect import rules
from digest.collect.harvest import Collected, Harvest
from digest.collect.push import BATCH
from digest.collect.visit import known, succeeded
from digest.model import Found, Saved, Source, SourceState
from digest.steps.service import Service

DEAD_AFTER = 3  # failures in a row before the operator is told
PROBLEMS = 20  # sentences that are kept of a visit
RECENT = timedelta(days=2)  # an older story leads no edition


class Fetcher(Protocol):
    """Asks one source what is new. Never raises for what a source does: a failure is an answer."""

    async def fetch(self, source: Source, state: SourceState, now: datetime) -> Collected: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of asking one source: `status` is ok, unchanged, failed or skipped.

    `skipped` counts the stories it gave that were not stored, by why.
    """

    source: str
    status: str
    saved: Saved
    problems: tuple[str, ...] = ()
    reason: str = ""
    took: float = 0.0  # seconds
    skipped: Mapping[str, int] = field(default_factory=dict)

    @property
    def fetched(self) -> int:
        """How many stories the source gave, good and bad."""
        return sum(self.saved) + sum(self.skipped.values())

    @property
    def told(self) -> Mapping[str, Any]:
        """The visit as plain values, for people."""
        return {
            "status": self.status,
            "fetched": self.fetched,
            **self.saved._asdict(),
            "skipped": dict(self.skipped),
            "problems": list(self.problems[:PROBLEMS]),
            "reason": self.reason,
            "seconds": round(self.took, 3),
        }


async def visit(service: Service, fetcher: Fetcher, source: Source, now: datetime) -> Visit:
    """Ask one source what is new, store it, and keep what the next visit must know."""
    collected = await fetcher.fetch(source, service.visits.state(source.name), now)
    harvest = collected.harvest
    saved = await asyncio.to_thread(take_in, service, source.name, harvest, now, source.max_stories)
    skipped = dict(_skipped(harvest, saved))
    status, reason, took = collected.status, collected.reason, collected.took
    visited = Visit(source.name, status, saved, harvest.problems, reason, took, skipped)
    service.visits.record(source.name, collected.state, now, visited.told if status != "skipped" else None)
    _tell(service, source, collected, now)
    return visited


def _skipped(harvest: Harvest, saved: Saved) -> Iterator[tuple[str, int]]:
    """How many of a source's stories were not stored, by why; reasons that there were."""
    counts = {
        "bad": len(harvest.problems),
        "ruled out": harvest.ruled_out,
        "over max_stories": harvest.too_many,
        "without headline or doubled": len(harvest.items) - sum(saved),
    }
    return ((why, count) for why, count in counts.items() if count)


def take_in(service: Service, source: str, harvest: Harvest, now: datetime, keep_first: int | None) -> Saved:
    """Store what was gathered, its leads found; what has no headline is no story."""
    found = [gathered.found for gathered in harvest.items if gathered.found.title]
    if not found:
        return Saved()
    saved = service.stories.save(source, found, now, keep_first)
    if service.look.images == "host" and saved.new + saved.changed:
        private = any(one.allow_private for one in service.sources if one.name == source)
        service.pictures.want(list(_pictures(found, now)), now, private=private)
    return saved


def _pictures(found: Sequence[Found], now: datetime) -> Iterator[str]:
    """The pictures of stories that an edition may yet hold."""
    for one in found:
        if one.picture and (one.published is None or now - one.published < RECENT):
            yield one.picture.url


def take_pushed(service: Service, source: Source, harvest: Harvest, now: datetime) -> Saved:
    """Store what a source pushed to us, by its own rules, and remember that it was heard of."""
    wanted = rules.apply(replace(source, max_stories=BATCH), harvest)
    saved = take_in(service, source.name, wanted, now, source.max_stories)
    state = succeeded(source, known(source, service.visits.state(source.name)), now)
    service.visits.record(source.name, state, now)
    return saved


def _tell(service: Service, source: Source, collected: Collected, now: datetime) -> None:
    """A source that fails again and again is an incident, told once, and over when it answers."""
    key = f"source:{source.name}"
    if collected.state.failures >= DEAD_AFTER:
        since = collected.state.failing_since or now
        text = f"Source {source.name} has given nothing since {since:%Y-%m-%d %H:%M} UTC: {collected.reason}"
        service.incidents.open(key, "dead source", text, now)
    elif collected.status in {"ok", "unchanged"}:
        service.incidents.close(key, now)
