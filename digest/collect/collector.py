"""One visit to one source, whatever its kind. One that fails is an answer too: none stops the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime

from digest.collect import visit
from digest.collect.feed import read_feed
from digest.collect.folder import read_folder
from digest.collect.harvest import Collected, Summarise
from digest.collect.hosting import Hosted, host
from digest.collect.http import Web
from digest.collect.pages import read_pages
from digest.collect.sitemap import read_sitemap
from digest.collect.sql import read_sql
from digest.collect.visit import Visit
from digest.collect.workers import Workers
from digest.errors import ConfigError, DigestError, SourceError
from digest.model import Picture, Source, SourceState

_log = logging.getLogger(__name__)

AT_ONCE = 64  # visits; more would only hold more fetched feeds in memory until they can be parsed


@dataclass(frozen=True, slots=True)
class Collector:
    """Visits sources over the network and in child processes.

    With `summarise` (picklable: a function of a module) each story comes with its lead, found in the child.
    `by_hand` visits at once what would not be due yet.
    """

    web: Web
    workers: Workers
    summarise: Summarise | None = None
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
            return Collected(source.name, "failed", state, reason=str(error), took=clock() - started)
        status = "unchanged" if came.unchanged else "ok"
        state = visit.succeeded(source, came.state, now)
        return Collected(source.name, status, state, came.harvest, took=clock() - started)

    async def _guarded(self, source: Source, state: SourceState, now: datetime) -> Visit:
        """What nobody foresaw is a mistake of ours that one source brought to light: the others go on."""
        try:
            return await self._read(source, state, now)
        except DigestError:
            raise
        except Exception as error:
            _log.exception("source %s: a mistake of ours", source.name)
            said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            raise SourceError(f"{source.name}: a mistake of ours, please report it ({said})") from error

    async def host(self, picture: Picture, *, allow_private: bool) -> Hosted:
        """A picture made ready for our pages. Raises SourceError where it cannot be had or read."""
        return await host(picture, self.web, self.workers, allow_private=allow_private)

    def _read(self, source: Source, state: SourceState, now: datetime) -> Awaitable[Visit]:
        web, workers, summarise = self.web, self.workers, self.summarise
        match source.kind:
            case "feed":
                return read_feed(source, state, web, workers, summarise)
            case "pages":
                return read_pages(source, state, web, workers, summarise)
            case "sitemap":
                return read_sitemap(source, state, now, web, workers, summarise)
            case "sql":
                return read_sql(source, state, now, workers, summarise)
            case "files":
                return read_folder(source, state, workers, summarise)
        raise ConfigError(f"source {source.name}: kind {source.kind!r} is not known")
