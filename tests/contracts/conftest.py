"""The two stores every contract is run against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from digest.store.database import Database
from tests.postgres import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database at this version's tables."""
    if request.param == "postgresql":
        url = request.getfixturevalue("emptied")
    else:
        url = request.getfixturevalue("sqlite_url")
    opened = Database(url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def used_again(postgresql_server: Server, postgresql_template: str) -> tuple[str, set[str]]:
    """A database for one test after the other, and its tables that are never empty."""
    url = postgresql_server.fresh(postgresql_template)
    with psycopg.connect(url) as connection:
        return url, postgresql_server.filled(connection)


@pytest.fixture
def emptied(postgresql_server: Server, used_again: tuple[str, set[str]]) -> Iterator[str]:
    url, never_empty = used_again
    yield url
    postgresql_server.empty(url, never_empty)
