"""All of it: what needs no network first, then everything else at once, told in a stable order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime

from digest.doctor.clock import clock
from digest.doctor.configuration import configuration
from digest.doctor.database import database
from digest.doctor.domains import domains, keys
from digest.doctor.finding import Finding
from digest.doctor.lookup import Lookup, lookup_by
from digest.doctor.machine import machine
from digest.doctor.openid import openid
from digest.doctor.pages import pages
from digest.doctor.relay import mail_server
from digest.doctor.sources import sources
from digest.doctor.templates import templates
from digest.wiring import App, look

Examination = AsyncIterator[Finding]


async def examine(app: App, now: datetime, ask: Lookup | None = None) -> list[Finding]:
    """Every finding. Sends nothing, stores nothing, and takes some ten seconds at most for what is away."""
    settings, ask = app.settings, ask or lookup_by()
    local: list[Callable[[], Iterable[Finding]]] = [
        lambda: configuration(settings),
        lambda: database(settings),
        lambda: clock(settings, now),
        lambda: machine(settings),
        lambda: templates(app.newsletters, look(settings), now),
    ]
    far: list[Examination] = [
        *(mail_server(relay) for relay in app.relays),
        domains(settings, [relay.host for relay in app.relays], ask),
        keys(app, ask),
        _sources(app, now),
        pages(settings),
        openid(app),
    ]
    found = [finding for check in local for finding in check()]
    for findings in await asyncio.gather(*map(_all, far)):
        found += findings
    return found


async def _all(findings: Examination) -> list[Finding]:
    return [finding async for finding in findings]


async def _sources(app: App, now: datetime) -> Examination:
    async with app.collector(by_hand=True) as collector:
        async for finding in sources(app.sources, collector, now):
            yield finding
