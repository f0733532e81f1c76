"""Scheduler and workers as processes on PostgreSQL: killed, frozen, cut off, and nobody is lost."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.cli.conftest import Digest, digest, mornings
from tests.deliver.killing import taken
from tests.journeys.roles import CONNECTIONS, HERE, Morning, freeze, morning, wake
from tests.postgres import Server

__all__ = ["digest", "mornings"]

pytestmark = pytest.mark.journey

READERS = 1500


@pytest.fixture(scope="module", autouse=True)
def noon() -> None:
    """The hour it is: PostgreSQL does not know of another."""


@pytest.fixture
def due(tmp_path: Path, postgresql_url: str) -> Iterator[Morning]:
    with morning(tmp_path, postgresql_url, READERS) as made:
        yield made


@pytest.fixture(scope="module")
def postgresql_server() -> Iterator[Server]:
    """One of these tests' own: among them is one that crashes it, under whoever else is at work on it."""
    with tempfile.TemporaryDirectory(prefix="digest-postgresql-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder))
        yield server
        server.close()


def test_a_worker_and_a_scheduler_that_are_killed_are_replaced_and_nobody_is_lost(due: Morning) -> None:
    with due.started("worker") as victim, due.started("scheduler") as first, due.started("scheduler"):
        due.until_taken(READERS // 4)
        first.kill()
        victim.kill()
        victim.wait()
        due.lose(victim.pid)
        with due.started("worker") as heir:
            due.until_done()
            heir.send_signal(signal.SIGTERM)
            assert heir.wait(60) == 0
    assert due.doubled() <= CONNECTIONS
    assert due.sql("SELECT count(*) FROM edition") == [(1,)]
    assert due.sql("SELECT count(*) FROM worker") == [(0,)]


def test_a_worker_that_was_frozen_past_its_lease_sends_nothing_more_when_it_wakes(due: Morning) -> None:
    with due.started("scheduler"), due.started("worker") as frozen:
        due.until_taken(READERS // 4)
        freeze(frozen)
        due.lose(frozen.pid)
        with due.started("worker"):
            due.until_done()
        before = len(taken(due.record))
        wake(frozen)
        due.until(lambda: stopped(due), "the fence")
        frozen.send_signal(signal.SIGTERM)
        assert frozen.wait(60) == 0
    assert len(taken(due.record)) - before <= CONNECTIONS
    assert due.doubled() <= 2 * CONNECTIONS


def test_a_database_that_crashes_and_one_that_is_away_lose_nobody(due: Morning) -> None:
    name = urlsplit(due.url).path[1:]
    with due.started("worker") as worker, due.started("scheduler"):
        due.until_taken(READERS // 4)
        # One of its processes killed, the server ends them all and recovers from its log.
        os.kill(due.sql(f"SELECT pid FROM pg_stat_activity WHERE {HERE} LIMIT 1")[0][0], signal.SIGKILL)
        due.until(lambda: answers(due), "the database")
        due.lose(worker.pid)
        due.until_taken(READERS // 2)
        due.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", elsewhere=True)
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        due.sql(cut, elsewhere=True)
        due.until(lambda: due.said("worker").count("PostgreSQL: ") >= 2, "word of it")
        due.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true", elsewhere=True)
        due.lose(worker.pid)
        due.until_done()
        assert worker.poll() is None
    assert due.doubled() <= 2 * CONNECTIONS


def stopped(due: Morning) -> bool:
    """Whether a worker says why it stopped: its row was gone, or its connection, in a transaction."""
    said = due.said("worker")
    return "another worker took over" in said or "PostgreSQL: " in said


def answers(due: Morning) -> bool:
    try:
        return bool(due.sql("SELECT 1"))
    except psycopg.OperationalError:
        return False


@pytest.mark.parametrize("role", ["scheduler", "worker"])
def test_on_sqlite_the_roles_say_what_to_do_instead(digest: Digest, mornings: Path, role: str) -> None:
    said = digest(role)
    assert said.code == 2
    assert f"digest {role} needs postgresql://" in said.err
    assert "digest run does all in one process" in said.err
