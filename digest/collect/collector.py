"""One visit to one source, whatever its kind. One that fails is an answer too: none stops the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime

from digest.collect import visit
from digest.collect.harvest import Collected
from digest.collect.hosting import Hosted, host
from digest.collect.means import Means
from digest.collect.source_feed import read_feed
from digest.collect.source_files import read_files
from digest.collect.source_pages import read_pages
from digest.collect.source_sitemap import read_sitemap
from digest.collect.source_sql import read_sql
from digest.collect.visit import Brought
from digest.errors import ConfigError, DigestError, SourceError, TooMuch, Unsafe
from digest.logs import event
from digest.model import Picture, Source, SourceState

AT_ONCE = 64  # visits; more would only hold more fetched feeds in memory until they can be parsed


@dataclass(frozen=True, slots=True)
class Collector:
    """Visits sources. With a way to find leads among its means each story comes with its own.

    `by_hand` visits at once what would not be due yet.
    """

    means: Means
    by_hand: bool = False
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def fetch(self, source: Source, state: SourceState, now: datetime) -> Collected:
        """What the source has that is new. Never raises for what a source does or is."""
        clock = asyncio.get_running_loop().time
        started = clock()
        state = visit.known(source, state)
        if source.kind == "push":
            return Collected(source.name, "skipped", state, reason="its stories are pushed to us")
        try:
            if not self.by_hand and (reason := visit.not_now(source, state, now)):
                return Collected(source.name, "skipped", state, reason=reason)
            async with self._places:
                came = await self._guarded(source, state, now)
        except (SourceError, ConfigError) as error:
            state = visit.failed(source, state, error, now)
            took = clock() - started
            return Collected(source.name, "failed", state, reason=state.reason, cure=_cure(error), took=took)
        status = "unchanged" if came.unchanged else "ok"
        state = visit.succeeded(source, came.state, now)
        return Collected(source.name, status, state, came.harvest, took=clock() - started)

    async def _guarded(self, source: Source, state: SourceState, now: datetime) -> Brought:
        """What nobody foresaw is a mistake of ours that one source brought to light: the others go on."""
        try:
            return await self._read(source, state, now)
        except DigestError:
            raise
        except Exception as error:
            event("source.failed", fault=error, source=source.name)
            said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            raise SourceError(f"a mistake of ours, please report it ({said})") from error

    async def host(self, picture: Picture, *, allow_private: bool) -> Hosted:
        """A picture made ready for our pages. Raises SourceError where it cannot be had or read."""
        return await host(picture, self.means.web, self.means.children, allow_private=allow_private)

    def _read(self, source: Source, state: SourceState, now: datetime) -> Awaitable[Brought]:
        match source.kind:
            case "feed":
                return read_feed(source, state, self.means)
            case "pages":
                return read_pages(source, state, self.means)
            case "sitemap":
                return read_sitemap(source, state, now, self.means)
            case "sql":
                return read_sql(source, state, now, self.means)
            case "files":
                return read_files(source, state, self.means)
        raise ConfigError(f"kind {source.kind!r} is not known")


def _cure(error: DigestError) -> str:
    """What an operator can do about it."""
    match error:
        case TooMuch():
            return "ask its publisher for a smaller one, or take it out; the others go on without it"
        case Unsafe():
            return "give an address of the public web, or set allow_private = true where it is to be trusted"
        case ConfigError():
            return "set it right in config/digest.toml"
    return "set its url right, or take it out; the others go on without it"
