"""The service as separate processes, on any number of machines (PostgreSQL): scheduler and worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from digest import logs
from digest.cli import events
from digest.cli.app import command, common, settings
from digest.cli.console import now
from digest.cli.jobs import DELIVER_EVERY, planning_jobs
from digest.cli.running import told_next
from digest.cli.signals import stop_on_signals
from digest.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.schedule.ticker import Job
    from digest.steps.shift import OpenLedger
    from digest.wiring import App

LOOK_EVERY = 5.0  # seconds between looks at what the queue lacks


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
        yield app


async def _plan(app: App) -> int:
    from digest.cli.returning import taking_returns
    from digest.schedule.ticker import ticking

    logs.for_service(debug=common().debug, quiet=common().quiet)
    stop = stop_on_signals()
    async with app.collector() as fetcher, taking_returns(app):
        for newsletter in app.newsletters:
            events.announced("next", told_next(newsletter), newsletter=newsletter.slug)
        jobs = {**planning_jobs(app, fetcher, stop), "queue": (LOOK_EVERY, _keep_queue(app))}
        async with ticking(jobs, stop):
            events.announced("planning", "planning; stop with Ctrl-C")
            await stop.wait()
    return 0


def _keep_queue(app: App) -> Job:
    from digest.deliver.report import Report
    from digest.steps.sending import finish
    from digest.store.queue import revive, top_up

    async def keep(at: datetime) -> None:
        """No job is lost, however its worker or the queue ended, and no edition stays open that is done."""
        await revive(app.database)
        await asyncio.to_thread(top_up, app.database, at)
        await asyncio.to_thread(finish, app.service, Report(), at)

    return keep


async def _send(app: App) -> int:
    from digest import pipeline
    from digest.schedule.jobs import serve
    from digest.schedule.ticker import ticking
    from digest.steps.shift import Shift

    logs.for_service(debug=common().debug, quiet=common().quiet)
    stop = stop_on_signals()

    async def send(open_ledger: OpenLedger) -> None:
        post = replace(app.post, open_ledger=open_ledger)
        began = time.monotonic()
        report = await pipeline.deliver(app.service, post, now(), stop)
        if report.accepted or report.refused or report.halted:
            events.run_ended(report, time.monotonic() - began)

    shift = Shift(send, app.post.open_ledger)
    async with ticking(_singles(app), stop):
        events.announced("sending", "sending; stop with Ctrl-C")
        await serve(app.database.driver_url, shift.work, stop)
    return 0


def _singles(app: App) -> Mapping[str, tuple[float, Job]]:
    from digest.steps.alerting import tell_operator
    from digest.steps.sending import send_outbox

    async def singles(at: datetime) -> None:
        """The mails beside the editions wait for no job."""
        if await asyncio.to_thread(app.has_singles, at):
            tell_operator(app.service, at)
            await send_outbox(app.post, app.outbox, at)

    return {"single mails": (DELIVER_EVERY, singles)}
