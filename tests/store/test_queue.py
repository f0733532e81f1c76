"""As many jobs as there are batches to send, whatever became of the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path
from runpy import run_path

import pytest
from sqlalchemy import Connection, func, select, text

from digest.addresses import accept
from digest.model import Consent
from digest.store import tables
from digest.store.database import Database
from digest.store.editions import Editions
from digest.store.ledger.postgresql import LEASE_SECONDS
from digest.store.migrate import upgrade
from digest.store.planning import BATCH, Planning
from digest.store.queue import enqueue, revive, top_up
from digest.store.readers import Readers
from tests.builders import MORNING, NOON, TOKENS, order
from tests.contracts.test_store import frozen, plan_of
from tests.postgres import Server

READERS = BATCH + 20


@pytest.fixture(scope="module")
def ready(postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A store with readers and a frozen edition, for others to begin as copies of it."""
    database = Database(postgresql_server.fresh(), tmp_path_factory.mktemp("ready"))
    upgrade(database)
    people = [(accept(f"reader{n}@example.com"), order()) for n in range(READERS)]
    consent = Consent(NOON - timedelta(hours=1), "test")
    Readers(database, TOKENS).take_in(people, MORNING, consent, confirmed=True)
    frozen(database)
    database.close()
    return database


@pytest.fixture
def database(ready: Database, postgresql_server: Server, tmp_path: Path) -> Iterator[Database]:
    opened = Database(postgresql_server.fresh(like=str(ready.url.database)), tmp_path)
    yield opened
    opened.close()


def plan(database: Database, planning: Planning) -> int:
    stored = Editions(database).find(MORNING, NOON.date())
    assert stored is not None
    planned = planning.plan(planning.moments(MORNING), plan_of(database, stored))
    Editions(database).issue(stored.id, NOON, again=False)
    return planned


def jobs(database: Database, status: str = "todo") -> int:
    query = text("SELECT count(*) FROM procrastinate_jobs WHERE CAST(status AS text) = :status")
    with database.read() as connection:
        return int(connection.execute(query, {"status": status}).scalar_one())


def change(database: Database, statement: str) -> None:
    with database.write() as connection:
        connection.execute(text(statement))


def enrol(database: Database) -> None:
    """Worker 7, alive."""
    columns = "INSERT INTO worker (id, name, started, seen, inflight)"
    change(database, f"{columns} VALUES (7, '', 0, extract(epoch FROM now()), '[]')")


def test_a_job_for_each_batch_comes_with_the_transaction_that_plans_it(database: Database) -> None:
    assert plan(database, Planning(database, enqueue)) == READERS
    assert jobs(database) == 2


def test_where_the_queue_fails_nothing_is_planned(database: Database) -> None:
    def fail(_connection: Connection, _batches: int) -> None:
        raise OSError("no queue")

    with pytest.raises(OSError, match="no queue"):
        plan(database, Planning(database, fail))
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.delivery)) == 0


def test_a_queue_that_was_emptied_is_filled_again_once(database: Database) -> None:
    plan(database, Planning(database, enqueue))
    change(database, "DELETE FROM procrastinate_jobs")
    assert [top_up(database, NOON), top_up(database, NOON)] == [2, 0]
    assert jobs(database) == 2


def test_nothing_is_asked_for_that_is_not_due_or_paused_or_being_sent(database: Database) -> None:
    plan(database, Planning(database))
    assert top_up(database, NOON - timedelta(seconds=1)) == 0
    change(database, "INSERT INTO pause (scope, reason, since) VALUES ('all', 'by hand', 0)")
    assert top_up(database, NOON) == 0
    change(database, "UPDATE pause SET scope = 'edition:1'")
    assert top_up(database, NOON) == 0
    change(database, "DELETE FROM pause")
    enrol(database)
    change(database, "UPDATE batch SET worker = 7 WHERE id = 1")
    assert top_up(database, NOON) == 1


def test_what_a_dead_worker_had_claimed_gets_a_job(database: Database) -> None:
    plan(database, Planning(database))
    enrol(database)
    change(database, "UPDATE batch SET worker = 7")
    assert top_up(database, NOON) == 0
    change(database, f"UPDATE worker SET seen = seen - {LEASE_SECONDS + 1}")
    assert top_up(database, NOON) == 2


async def test_jobs_of_a_worker_that_gives_no_sign_go_to_others(database: Database) -> None:
    plan(database, Planning(database, enqueue))
    change(database, "INSERT INTO procrastinate_workers DEFAULT VALUES")
    change(database, "UPDATE procrastinate_jobs SET status = 'doing', worker_id = 1")
    assert await revive(database) == 0
    past = f"now() - interval '{LEASE_SECONDS + 1} seconds'"
    change(database, f"UPDATE procrastinate_workers SET last_heartbeat = {past}")
    assert await revive(database) == 2
    assert (jobs(database), jobs(database, "doing")) == (2, 0)


def test_every_migration_of_the_queue_is_known() -> None:
    versions = resources.files("digest.store.migrations.versions")
    known = run_path(str(versions / "0008_scale.py"))["LAST"]
    files = (resources.files("procrastinate.sql") / "migrations").iterdir()
    assert max(file.name for file in files if file.name.endswith(".sql")) == known
