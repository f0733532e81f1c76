"""Commands that stay: run (everything in one process), web, scheduler."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from digest import logs
from digest.cli.app import PARTLY, command, common, settings
from digest.cli.console import now, say, warn
from digest.cli.signals import stop_on_signals

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from digest.model import Newsletter
    from digest.schedule.ticker import Job
    from digest.steps.collecting import Fetcher
    from digest.steps.issuing import Issued
    from digest.wiring import App

COLLECT_EVERY = 60.0  # seconds; each source has its own, longer time between visits
ISSUE_EVERY = 15.0
BEAT_EVERY = 60.0
FORGET_EVERY = 3600.0
DELIVER_EVERY = 1.0  # a mail to confirm leaves within two seconds


@command("run")
def run(
    once: Annotated[bool, typer.Option("--once", help="Do what is due, and end: for cron.")] = False,
) -> int:
    """The service: collects, sends each morning, and serves the pages, in one process.

    \b
    Examples: digest run
              digest run --once     (from cron, every few minutes)
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        from digest.deliver.loop import run as run_loop

        return run_loop(_once(app) if once else _stay(app))


@command("web")
def web() -> int:
    """The pages alone; collecting and sending are left to digest run, or to cron.

    \b
    Example: digest web
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        asyncio.run(_serve(app))
    return 0


async def _serve(app: App) -> None:
    from digest.web.server import serving

    logs.for_service(debug=common().debug)
    stop = stop_on_signals()
    async with serving(app) as address:
        say(f"pages at {address}; stop with Ctrl-C")
        await stop.wait()


async def _once(app: App) -> int:
    from digest import pipeline

    async with app.collector() as fetcher:
        visits = await pipeline.collect(app.service, fetcher, now())
    issued = pipeline.issue(app.service, now())
    report = await pipeline.deliver(app.service, app.post, now())
    for visit in visits:
        if visit.status == "failed":
            warn(f"source {visit.source}: {visit.reason}")
    for one in issued:
        _tell(one)
    if report.halted:
        warn(f"paused: {report.halted}; nobody is lost")
    failed = [visit for visit in visits if visit.status == "failed"]
    unsent = [one for one in issued if one.result != "planned"]
    left = report.halted or report.deferred or report.refused or report.in_doubt
    return PARTLY if failed or unsent or left else 0


async def _stay(app: App) -> int:
    from digest.schedule.ticker import ticking
    from digest.web.server import serving

    logs.for_service(debug=common().debug)
    stop = stop_on_signals()
    async with serving(app) as address, app.collector() as fetcher:
        say(f"pages at {address}; stop with Ctrl-C")
        for newsletter in app.newsletters:
            say(_next(newsletter))
        async with ticking(_jobs(app, fetcher, stop), stop):
            await stop.wait()
    return 0


def _jobs(app: App, fetcher: Fetcher, stop: asyncio.Event) -> Mapping[str, tuple[float, Job]]:
    """What the service does again and again, and how often, in seconds."""
    from digest import pipeline
    from digest.schedule.heartbeat import beat
    from digest.steps.watching import is_awake
    from digest.store.retention import retention

    collected = asyncio.Event()

    async def collect(at: datetime) -> None:
        await _unless(stop, pipeline.collect(app.service, fetcher, at))
        collected.set()

    async def issue(at: datetime) -> None:
        # After a night off, the morning's stories come before the morning's edition.
        await _unless(stop, collected.wait())
        for one in await asyncio.to_thread(pipeline.issue, app.service, at):
            _tell(one)

    async def deliver(at: datetime) -> None:
        if await asyncio.to_thread(app.is_due, at):
            report = await pipeline.deliver(app.service, app.post, at, stop)
            if report.accepted or report.deferred or report.refused:
                say(f"{report.accepted} accepted, {report.deferred} deferred, {report.refused} refused")

    async def forget(at: datetime) -> None:
        await asyncio.to_thread(retention, app.database, at)

    async def heartbeat(at: datetime) -> None:
        if await asyncio.to_thread(is_awake, app.service, at):
            await beat(app.settings.operator.heartbeat)

    watched = {"heartbeat": (BEAT_EVERY, heartbeat)} if app.settings.operator.heartbeat else {}
    return {
        **watched,
        "forget": (FORGET_EVERY, forget),
        "collect": (COLLECT_EVERY, collect),
        "issue": (ISSUE_EVERY, issue),
        "deliver": (DELIVER_EVERY, deliver),
    }


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> None:
    """Do this, but drop it when the service is to end."""
    task, ending = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait((task, ending), return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if task.done():
        task.result()
    else:
        task.cancel()


def _tell(one: Issued) -> None:
    if one.result == "planned":
        say(f"{one.newsletter} of {one.date}: {one.planned} readers planned")
    else:
        warn(f"{one.newsletter} of {one.date}: {one.result}: {one.reason}")


def _next(newsletter: Newsletter) -> str:
    from digest.schedule.due import next_due

    zone = ZoneInfo(newsletter.zone)
    coming = next_due(zone, newsletter.send_at, newsletter.days, now())
    return f"{newsletter.title}: next at {coming.at.astimezone(zone):%Y-%m-%d %H:%M} {newsletter.zone}"
