"""The two stores every contract is run against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.store.database import Database
from tests.postgres import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database at this version's tables."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql_server")
        url = server.fresh(request.getfixturevalue("postgresql_template"))
    else:
        url = request.getfixturevalue("sqlite_url")
    opened = Database(url, tmp_path)
    yield opened
    opened.close()
