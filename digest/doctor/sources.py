"""Does each source answer, and does it hold stories. Nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from digest.collect.harvest import Collected
from digest.doctor.finding import Finding, error, ok, warning
from digest.errors import ConfigError
from digest.model import Source, SourceState

if TYPE_CHECKING:
    from digest.steps.collecting import Fetcher


async def sources(named: Sequence[Source], collector: Fetcher, now: datetime) -> AsyncIterator[Finding]:
    """Each source asked once, all together, as if for the first time; told in their order."""
    for found in await asyncio.gather(*(_asked(one, collector, now) for one in named)):
        yield found


async def _asked(source: Source, collector: Fetcher, now: datetime) -> Finding:
    try:
        return judge(source, await collector.fetch(source, SourceState(), now))
    except ConfigError as wrong:
        return error(f"source {source.name}", str(wrong), "set it right in config/digest.toml")


def judge(source: Source, came: Collected) -> Finding:
    """What a first visit to a source says of it."""
    check, count = f"source {source.name}", len(came.harvest.items)
    if came.status == "skipped":
        return ok(check, came.reason)
    if came.status == "failed":
        return error(check, came.reason, came.cure)
    if not count:
        cure = "is it the right address? see also include, exclude and links"
        return warning(check, "it answers, and holds no story", cure)
    if came.harvest.problems:
        left = len(came.harvest.problems)
        return warning(
            check, f"stories: {count}; left out: {left}", f"see: digest collect --source {source.name}"
        )
    return ok(check, f"stories: {count}, in {came.took:.1f} s")
