"""What the service does again and again, and how often."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from digest import logs
from digest.cli import events

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from digest.collect.collector import Collector
    from digest.schedule.ticker import Job
    from digest.wiring import App

T = TypeVar("T")

COLLECT_EVERY = 60.0  # seconds, as all of these; each source has its own, longer time between visits
HOST_EVERY = 30.0
ISSUE_EVERY = 15.0
ABSORB_EVERY = 60.0
BEAT_EVERY = 60.0
FORGET_EVERY = 3600.0
HOOKS_EVERY = 2.0
WATCH_EVERY = 1800.0
QUEUE_EVERY = 5.0
DELIVER_EVERY = 1.0  # a mail to confirm leaves within two seconds


Jobs = dict[str, tuple[float, "Job"]]  # by name, each with its interval


def jobs(chores: Chores) -> Jobs:
    """All of one process. Raises ConfigError."""
    return {**_before_sending(chores), "deliver": (DELIVER_EVERY, chores.deliver)}


def planning_jobs(chores: Chores) -> Jobs:
    """Those of a scheduler, which leaves the sending to workers. Raises ConfigError."""
    return {**_before_sending(chores), "queue": (QUEUE_EVERY, chores.keep_queue)}


def sending_jobs(chores: Chores) -> Jobs:
    """Those of a worker, beside the batches that it takes from the queue."""
    return {"single mails": (DELIVER_EVERY, chores.send_singles)}


def _before_sending(chores: Chores) -> Jobs:
    planned: Jobs = {
        "absorb": (ABSORB_EVERY, chores.absorb),
        "forget": (FORGET_EVERY, chores.forget),
        "collect": (COLLECT_EVERY, chores.collect),
        "host": (HOST_EVERY, chores.host),
        "watch": (WATCH_EVERY, chores.watch),
        "issue": (ISSUE_EVERY, chores.issue),
        "tell": (DELIVER_EVERY, chores.tell),
    }
    if chores.app.settings.operator.heartbeat:
        planned["heartbeat"] = (BEAT_EVERY, chores.heartbeat)
    if chores.app.calling.hooks:
        planned["hooks"] = (HOOKS_EVERY, chores.call)
    return planned


class Chores:
    """One piece of work each, given the time (aware, UTC); what may be dropped ends when `stop` is set.

    A worker has no `collector`: it never asks a source.
    """

    def __init__(self, app: App, stop: asyncio.Event, collector: Collector | None = None) -> None:
        self.app = app
        self._stop = stop
        self._collector_or_none = collector
        self._collected = asyncio.Event()
        self._standstill = events.Standstill()

    async def collect(self, at: datetime) -> None:
        from digest import pipeline

        visits = await self._unless(pipeline.collect(self.app.service, self._collector, at))
        events.visited(visits or ())
        self._collected.set()

    async def issue(self, at: datetime) -> None:
        """After a night off, the morning's stories come before the morning's edition."""
        from digest import pipeline

        await self._unless(self._collected.wait())
        for one in await asyncio.to_thread(pipeline.issue, self.app.service, at):
            events.issued(one)

    async def deliver(self, at: datetime) -> None:
        from digest import pipeline

        if not await asyncio.to_thread(self.app.is_due, at):
            return
        starts = await asyncio.to_thread(self._starts, at)
        if starts:
            logs.event("run.started")
        began = time.monotonic()
        report = await pipeline.deliver(self.app.service, self.app.post, at, self._stop)
        if starts or report.accepted or report.refused:
            events.run_ended(report, time.monotonic() - began)
        self._standstill.seen(report.halted)

    async def tell(self, at: datetime) -> None:
        """Corrections go into the outbox as fast as they leave it."""
        from digest.steps.telling import tell_as_they_leave

        app = self.app
        await asyncio.to_thread(tell_as_they_leave, app.service, app.tellings, app.tokens, at)

    async def absorb(self, at: datetime) -> None:
        from digest.cli.returning import look_after

        await asyncio.to_thread(look_after, self.app, at)

    async def host(self, at: datetime) -> None:
        from digest.steps.hosting import host_pictures

        await self._unless(host_pictures(self.app.service, self._collector, at))

    async def watch(self, at: datetime) -> None:
        from digest.steps.watching import watch_sources

        await asyncio.to_thread(watch_sources, self.app.service, at)

    async def forget(self, at: datetime) -> None:
        from digest.store.prune import prune
        from digest.store.retention import retention

        gone = await asyncio.to_thread(retention, self.app.database, at)
        if any(gone):
            logs.event("forgotten", **gone._asdict())
        await asyncio.to_thread(self.app.pictures.forget, at)
        keep = timedelta(seconds=self.app.settings.delivery.keep)
        await asyncio.to_thread(prune, self.app.database, keep, at)

    async def heartbeat(self, at: datetime) -> None:
        from digest.schedule.heartbeat import beat
        from digest.steps.watching import is_awake

        if await asyncio.to_thread(is_awake, self.app.service, at):
            await beat(self.app.settings.operator.heartbeat)

    async def call(self, at: datetime) -> None:
        from digest.steps.calling import call_hooks

        if await asyncio.to_thread(self.app.hooks.is_due, at):
            await call_hooks(self.app.calling, self._collector.means.web, at)

    async def keep_queue(self, at: datetime) -> None:
        """No job is lost, however its worker or the queue ended, and no edition stays open that is done."""
        from digest.deliver.report import Report
        from digest.steps.sending import finish
        from digest.store.queue import revive, top_up

        await revive(self.app.database)
        await asyncio.to_thread(top_up, self.app.database, at)
        await asyncio.to_thread(finish, self.app.service, Report(), at)

    async def send_singles(self, at: datetime) -> None:
        """The mails beside the editions wait for no job."""
        from digest.steps.alerting import tell_operator
        from digest.steps.sending import send_outbox

        if await asyncio.to_thread(self.app.has_singles, at):
            await asyncio.to_thread(tell_operator, self.app.service, at)
            await send_outbox(self.app.post, self.app.outbox, at)

    @property
    def _collector(self) -> Collector:
        assert self._collector_or_none is not None, "whoever collects was given a way to"
        return self._collector_or_none

    def _starts(self, at: datetime) -> bool:
        """Whether readers' mails are due, and nothing holds them back."""
        due = self.app.deliveries.next_due()
        return due is not None and due <= at and not self.app.pauses.standing(at)

    async def _unless(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Do this, but drop it when the service is to end."""
        task, ending = asyncio.create_task(work), asyncio.create_task(self._stop.wait())
        await asyncio.wait((task, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if task.done():
            return task.result()
        task.cancel()
        return None
