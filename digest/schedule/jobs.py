"""Deliveries as jobs: procrastinate hands them to workers on any number of machines, over PostgreSQL.

A job is the right to send one batch of the ledger, some hundreds of readers. Which batch that is, and
whether one is left, the ledger says. So a job too many finds nothing to do, one that comes twice sends
nobody two mails, and one that was lost is put in again by the scheduler's next look (`store/queue.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout

from digest.logs import event

QUEUE = "deliveries"
TASK = "digest.deliver"
AT_ONCE = 8  # jobs a worker holds: a batch that is sent, one that ends, and the next ones at hand
HEARTBEAT_SECONDS = 10
AWAY_SECONDS = 2  # between tries while the database is away


def enqueue(connection: psycopg.Connection[Any], jobs: int) -> None:
    """Put so many jobs in, within the connection's own transaction: both are committed, or neither."""
    app = App(connector=SyncPsycopgConnector())
    app.configure_task(TASK, queue=QUEUE, connection=connection).batch_defer(*({} for _ in range(jobs)))


async def serve(url: str, work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Do `work` for each job that comes, several at once, until `stop` is set; then end those at hand.

    `url` is libpq's. A database that goes away is waited for: what was being sent is the ledger's to know.
    """
    while not stop.is_set():
        try:
            await _serve(url, work, stop)
        except (ConnectorException, psycopg.Error, PoolTimeout) as error:
            event("queue.away", wrong=True, reason=str(_cause(error)))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), AWAY_SECONDS)


async def _serve(url: str, work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    app = _app(url)
    app.task(name=TASK, queue=QUEUE)(work)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=AT_ONCE,
                delete_jobs="always",  # what became of each reader stands in the ledger
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                install_signal_handlers=False,
            )
        )
        ending = asyncio.create_task(stop.wait())
        await asyncio.wait((worker, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        worker.cancel()  # it takes no new job, and waits for those at hand
        with contextlib.suppress(asyncio.CancelledError):
            await worker


async def revive(url: str, silent: float) -> int:
    """Give the jobs of workers that gave no sign for `silent` seconds to others; how many they were."""
    async with _app(url).open_async() as app:
        stalled = list(await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=silent))
        for job in stalled:
            await app.job_manager.retry_job(job)
    return len(stalled)


def _app(url: str) -> App:
    frozen = {"options": "-c idle_in_transaction_session_timeout=60s"}  # its jobs are for others
    return App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4, kwargs=frozen))


def _cause(error: BaseException) -> str:
    return " ".join(str(error.__cause__ or error).split())
