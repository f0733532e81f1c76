"""Commands that stay: run (everything in one process), and web."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from digest import logs
from digest.cli import events
from digest.cli.app import PARTLY, command, settings
from digest.cli.console import now, say, warn
from digest.cli.jobs import Chores, jobs
from digest.cli.signals import begin
from digest.words import counted

if TYPE_CHECKING:
    from digest.steps.issuing import Issued
    from digest.wiring import App


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
    from digest.deliver.loop import run as run_loop

    with wiring.opened(settings()) as app:
        app.check_secret()
        return run_loop(_once(app) if once else _stay(app))


@command("web")
def web() -> int:
    """Serve the pages alone; collecting and sending are left to digest run, or to cron.

    \b
    Example: digest web
    """
    from digest import wiring
    from digest.deliver.loop import run as run_loop

    with wiring.opened(settings()) as app:
        app.check_secret()
        return run_loop(_serve(app))


async def _serve(app: App) -> int:
    from digest.web.server import serving

    stop = begin()
    async with serving(app) as address:
        logs.event("serving", address=address, text=f"pages at {address}; stop with Ctrl-C")
        await stop.wait()
    return 0


async def _once(app: App) -> int:
    from digest import pipeline

    async with app.collector() as collector:
        chores = Chores(app, asyncio.Event(), collector)
        hooks = app.calling.hooks  # where their secret is missing, nothing is begun
        visits = await pipeline.collect(app.service, collector, now())
        await chores.host(now())
        await chores.watch(now())
        issued = pipeline.issue(app.service, now())
        report = await pipeline.deliver(app.service, app.post, now())
        await _tell_corrections(app, chores)
        await chores.absorb(now())
        if hooks:
            await chores.call(now())
        await chores.forget(now())
        if app.settings.operator.heartbeat:
            await chores.heartbeat(now())
    for visit in visits:
        if visit.status == "failed":
            warn(f"source {visit.source}: {visit.reason}")
    for one in issued:
        _tell(one)
    if report.accepted or report.deferred or report.refused:
        say(f"{report.accepted} accepted, {report.deferred} deferred, {report.refused} refused")
    if report.halted:
        warn(f"paused: {report.halted}; nobody is lost: digest doctor names the cure")
    failed = [visit for visit in visits if visit.status == "failed"]
    unsent = [one for one in issued if one.result != "planned"]
    left = report.halted or report.deferred or report.refused or report.in_doubt
    return PARTLY if failed or unsent or left else 0


async def _tell_corrections(app: App, chores: Chores) -> None:
    """All of them, as fast as they leave: no tick comes after this one."""
    from digest.steps.sending import send_outbox

    while app.tellings.next() is not None:
        await chores.tell(now())
        if await send_outbox(app.post, app.outbox, now()):
            return


async def _stay(app: App) -> int:
    from digest.cli.returning import taking_returns
    from digest.schedule.ticker import ticking
    from digest.web.server import serving

    stop = begin()
    async with serving(app) as address, app.collector() as collector, taking_returns(app):
        logs.event("serving", address=address, text=f"pages at {address}; stop with Ctrl-C")
        events.announce_next(app)
        async with ticking(jobs(Chores(app, stop, collector)), stop):
            await stop.wait()
    logs.event("stopped")
    return 0


def _tell(one: Issued) -> None:
    if one.result == "planned":
        say(f"{one.newsletter} of {one.date}: {counted(one.planned, 'reader', 'readers')} planned")
    else:
        warn(f"{one.newsletter} of {one.date}: {one.result}: {one.reason}")
