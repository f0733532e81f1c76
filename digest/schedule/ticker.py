"""The clock's only reader: APScheduler calls each job again and again, and hands it the time.

What is due is worked out from the tables at every tick, so nothing is lost with this process, nothing is
kept in the scheduler, and two of them do no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from digest.logs import event

Job = Callable[[datetime], Awaitable[object]]


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def ticking(jobs: Mapping[str, tuple[float, Job]], stop: asyncio.Event) -> AsyncIterator[None]:
    """While this is open, each named job runs at once and then every so many seconds, one at a time each.

    A job that raises is logged and runs again at its next time: a bad hour of the database is not the end.
    When `stop` is set, no job begins any more, and those at work are waited for: they end by themselves.
    """
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    scheduler = AsyncIOScheduler(timezone=UTC)
    at_work: set[asyncio.Task[None]] = set()
    for name, (seconds, job) in jobs.items():
        scheduler.add_job(
            _guarded(name, job, at_work, stop),
            "interval",
            seconds=seconds,
            id=name,
            next_run_time=now(),
            coalesce=True,  # after the machine slept, once is enough
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        yield
    finally:
        stop.set()
        scheduler.pause()
        if at_work:
            await asyncio.wait(at_work)
        scheduler.shutdown(wait=False)


def _guarded(
    name: str, job: Job, at_work: set[asyncio.Task[None]], stop: asyncio.Event
) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        try:
            await job(now())
        except Exception as error:
            event("job.failed", fault=error, job=name)

    async def run() -> None:
        if not stop.is_set():
            task = asyncio.create_task(work())
            at_work.add(task)
            task.add_done_callback(at_work.discard)
            await asyncio.shield(task)

    return run
