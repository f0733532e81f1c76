"""The service as separate processes, on any number of machines (PostgreSQL): scheduler and worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from digest.cli import events
from digest.cli.app import command, settings
from digest.cli.console import now
from digest.cli.jobs import Chores, planning_jobs, sending_jobs
from digest.cli.signals import begin
from digest.errors import ConfigError
from digest.logs import event

if TYPE_CHECKING:
    from digest.steps.shift import OpenLedger
    from digest.wiring import App


@command("scheduler")
def scheduler() -> int:
    """Collect, and plan each morning; digest worker sends. PostgreSQL only; several do no harm.

    \b
    Example: digest scheduler
    """
    from digest.deliver.loop import run

    with _opened("scheduler") as app:
        return run(_plan(app))


@command("worker")
def worker() -> int:
    """Send what is planned. PostgreSQL only; as many as you like, on any number of machines.

    \b
    Example: digest worker
    """
    from digest.deliver.loop import run

    with _opened("worker") as app:
        return run(_send(app))


@contextmanager
def _opened(role: str) -> Iterator[App]:
    from digest import wiring

    with wiring.opened(settings(), queued=True) as app:
        if app.settings.store.url.startswith("sqlite"):
            raise ConfigError(
                f"store: url: digest {role} needs postgresql://USER@HOST/NAME;"
                " on SQLite, digest run does all in one process"
            )
        app.check_secret()
        yield app


async def _plan(app: App) -> int:
    from digest.cli.returning import taking_returns
    from digest.schedule.ticker import ticking

    stop = begin()
    async with app.collector() as collector, taking_returns(app):
        events.announce_next(app)
        async with ticking(planning_jobs(Chores(app, stop, collector)), stop):
            event("planning", text="stop with Ctrl-C")
            await stop.wait()
    return 0


async def _send(app: App) -> int:
    from digest import pipeline
    from digest.schedule.jobs import serve
    from digest.schedule.ticker import ticking
    from digest.steps.shift import Shift

    stop, standstill = begin(), events.Standstill()

    async def send(open_ledger: OpenLedger) -> None:
        post = replace(app.post, open_ledger=open_ledger)
        began = time.monotonic()
        report = await pipeline.deliver(app.service, post, now(), stop)
        if report.accepted or report.refused:
            events.run_ended(report, time.monotonic() - began)
        standstill.seen(report.halted)

    shift = Shift(send, app.post.open_ledger)
    async with ticking(sending_jobs(Chores(app, stop)), stop):
        event("sending", text="stop with Ctrl-C")
        await serve(app.database.driver_url, shift.work, stop)
    return 0
