"""Commands that stay: run (everything in one process), and web."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer

from digest import logs
from digest.cli import events
from digest.cli.app import PARTLY, command, common, settings
from digest.cli.console import now, say, warn
from digest.cli.signals import stop_on_signals

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from digest.collect.collector import Collector
    from digest.model import Newsletter
    from digest.schedule.ticker import Job
    from digest.steps.issuing import Issued
    from digest.wiring import App

T = TypeVar("T")

HOST_EVERY = 30.0
COLLECT_EVERY = 60.0  # seconds; each source has its own, longer time between visits
ISSUE_EVERY = 15.0
ABSORB_EVERY = 60.0
BEAT_EVERY = 60.0
FORGET_EVERY = 3600.0
HOOKS_EVERY = 2.0
WATCH_EVERY = 1800.0
DELIVER_EVERY = 1.0  # a mail to confirm leaves within two seconds


@command("run")
def run(
    once: Annotated[bool, typer.Option("--once", help="Do what is due, and end: for cron.")] = False,
) -> int:
    """Run the service: collecting, mornings and pages in one process.

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
    """Serve the pages alone; collecting and sending are left to digest run, or to cron.

    \b
    Example: digest web
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        asyncio.run(_serve(app))
    return 0


async def _serve(app: App) -> None:
    from digest.web.server import serving

    logs.for_service(debug=common().debug, quiet=common().quiet)
    stop = stop_on_signals()
    async with serving(app) as address:
        events.announced("serving", f"pages at {address}; stop with Ctrl-C", address=address)
        await stop.wait()


async def _once(app: App) -> int:
    from digest import pipeline
    from digest.cli.returning import look_after
    from digest.steps.calling import call_hooks
    from digest.steps.hosting import host_pictures
    from digest.steps.rhythm import watch_sources

    calling = app.calling  # where its secret is missing, nothing is begun
    async with app.collector() as fetcher:
        visits = await pipeline.collect(app.service, fetcher, now())
        await host_pictures(app.service, fetcher, now())
        await asyncio.to_thread(watch_sources, app.service, now())
        issued = pipeline.issue(app.service, now())
        report = await pipeline.deliver(app.service, app.post, now())
        await call_hooks(calling, fetcher.web, now())
    await asyncio.to_thread(look_after, app, now())
    for visit in visits:
        if visit.status == "failed":
            warn(f"source {visit.source}: {visit.reason}")
    for one in issued:
        _tell(one)
    if report.accepted or report.deferred or report.refused:
        say(f"{report.accepted} accepted, {report.deferred} deferred, {report.refused} refused")
    if report.halted:
        warn(f"paused: {report.halted}; nobody is lost")
    failed = [visit for visit in visits if visit.status == "failed"]
    unsent = [one for one in issued if one.result != "planned"]
    left = report.halted or report.deferred or report.refused or report.in_doubt
    return PARTLY if failed or unsent or left else 0


async def _stay(app: App) -> int:
    from digest.cli.returning import taking_returns
    from digest.schedule.ticker import ticking
    from digest.web.server import serving

    logs.for_service(debug=common().debug, quiet=common().quiet)
    stop = stop_on_signals()
    async with serving(app) as address, app.collector() as fetcher, taking_returns(app):
        events.announced("serving", f"pages at {address}; stop with Ctrl-C", address=address)
        for newsletter in app.newsletters:
            events.announced("next", told_next(newsletter), newsletter=newsletter.slug)
        async with ticking(_jobs(app, fetcher, stop), stop):
            await stop.wait()
    logs.event("stopped")
    return 0


def _jobs(app: App, fetcher: Collector, stop: asyncio.Event) -> dict[str, tuple[float, Job]]:
    """What the service does again and again, and how often, in seconds."""
    from digest import pipeline

    async def deliver(at: datetime) -> None:
        if not await asyncio.to_thread(app.is_due, at):
            return
        starts = await asyncio.to_thread(_starts, app, at)
        if starts:
            logs.event("run.started")
        began = time.monotonic()
        report = await pipeline.deliver(app.service, app.post, at, stop)
        if starts or report.accepted or report.refused:
            events.run_ended(report, time.monotonic() - began)

    return {**planning_jobs(app, fetcher, stop), "deliver": (DELIVER_EVERY, deliver)}


def planning_jobs(app: App, fetcher: Collector, stop: asyncio.Event) -> dict[str, tuple[float, Job]]:
    """Of these, all that comes before the first mail leaves."""
    from digest import pipeline
    from digest.cli.returning import look_after
    from digest.schedule.heartbeat import beat
    from digest.steps.hosting import host_pictures
    from digest.steps.rhythm import watch_sources
    from digest.steps.watching import is_awake
    from digest.store.prune import prune
    from digest.store.retention import retention

    collected = asyncio.Event()

    async def collect(at: datetime) -> None:
        visits = await _unless(stop, pipeline.collect(app.service, fetcher, at))
        events.visited(visits or ())
        collected.set()

    async def issue(at: datetime) -> None:
        # After a night off, the morning's stories come before the morning's edition.
        await _unless(stop, collected.wait())
        for one in await asyncio.to_thread(pipeline.issue, app.service, at):
            events.issued(one)

    async def host(at: datetime) -> None:
        await _unless(stop, host_pictures(app.service, fetcher, at))

    async def watch(at: datetime) -> None:
        await asyncio.to_thread(watch_sources, app.service, at)

    async def forget(at: datetime) -> None:
        gone = await asyncio.to_thread(retention, app.database, at)
        if any(gone):
            logs.event("forgotten", **gone._asdict())
        await asyncio.to_thread(app.pictures.forget, at)
        await asyncio.to_thread(prune, app.database, timedelta(seconds=app.settings.delivery.keep), at)

    async def absorb(at: datetime) -> None:
        await asyncio.to_thread(look_after, app, at)

    async def heartbeat(at: datetime) -> None:
        if await asyncio.to_thread(is_awake, app.service, at):
            await beat(app.settings.operator.heartbeat)

    watched = {"heartbeat": (BEAT_EVERY, heartbeat)} if app.settings.operator.heartbeat else {}
    return {
        "absorb": (ABSORB_EVERY, absorb),
        **watched,
        "forget": (FORGET_EVERY, forget),
        "collect": (COLLECT_EVERY, collect),
        "host": (HOST_EVERY, host),
        "watch": (WATCH_EVERY, watch),
        "issue": (ISSUE_EVERY, issue),
        **_hook_jobs(app, fetcher),
    }


def _starts(app: App, at: datetime) -> bool:
    """Whether readers' mails are due, and nothing holds them back."""
    due = app.deliveries.next_due()
    return due is not None and due <= at and not app.deliveries.pauses()


def _hook_jobs(app: App, fetcher: Collector) -> dict[str, tuple[float, Job]]:
    """Telling others' servers of events, where there are any. Raises ConfigError."""
    from digest.steps.calling import call_hooks

    calling = app.calling

    async def call(at: datetime) -> None:
        if await asyncio.to_thread(app.hooks.is_due, at):
            await call_hooks(calling, fetcher.web, at)

    return {"hooks": (HOOKS_EVERY, call)} if calling.hooks else {}


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Do this, but drop it when the service is to end."""
    task, ending = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait((task, ending), return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if task.done():
        return task.result()
    task.cancel()
    return None


def _tell(one: Issued) -> None:
    if one.result == "planned":
        say(f"{one.newsletter} of {one.date}: {one.planned} readers planned")
    else:
        warn(f"{one.newsletter} of {one.date}: {one.result}: {one.reason}")


def told_next(newsletter: Newsletter) -> str:
    from digest.schedule.due import next_due

    zone = ZoneInfo(newsletter.zone)
    coming = next_due(zone, newsletter.send_at, newsletter.days, now())
    return f"{newsletter.title}: next at {coming.at.astimezone(zone):%Y-%m-%d %H:%M} {newsletter.zone}"
