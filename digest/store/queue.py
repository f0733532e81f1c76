"""The jobs that deliveries go out by (PostgreSQL): as many as there are batches to send."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, text

from digest.schedule import jobs
from digest.store.database import Database
from digest.store.ledger.postgresql import LEASE_SECONDS
from digest.store.times import seconds

# Those that a worker which died had claimed count as well: the next to claim takes over from it.
_FREE = text("""
    SELECT count(*) FROM batch b JOIN edition e ON e.id = b.edition
    WHERE b.next_at <= :now AND e.state = 'issued'
      AND NOT EXISTS (SELECT 1 FROM worker w WHERE w.id = b.worker
                      AND w.seen >= extract(epoch FROM clock_timestamp()) - :lease)
      AND NOT EXISTS (SELECT 1 FROM pause p WHERE p.scope IN ('all', 'edition:' || b.edition)
                      AND (p.until IS NULL OR p.until > :now))""")
_WAITING = text("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = :queue AND status = 'todo'")


def enqueue(connection: Connection, batches: int) -> None:
    """A job for each of so many batches, in the transaction that plans them."""
    jobs.enqueue(cast("psycopg.Connection[Any]", connection.connection.driver_connection), batches)


def top_up(database: Database, now: datetime) -> int:
    """Put in the jobs that are missing; how many. Safe to run by several schedulers at once.

    They are missing for what is tried again, for what a dead worker left, for editions that others planned,
    and when somebody emptied the queue.
    """
    with database.plan() as connection:
        free = connection.scalar(_FREE, {"now": seconds(now), "lease": LEASE_SECONDS}) or 0
        waiting = connection.scalar(_WAITING, {"queue": jobs.QUEUE}) or 0
        missing = max(0, int(free) - int(waiting))
        if missing:
            enqueue(connection, missing)
    return missing


async def revive(database: Database) -> int:
    """Give the jobs of dead workers to others. Dead is whoever's lease has run out in the ledger, too."""
    return await jobs.revive(database.driver_url, LEASE_SECONDS)
