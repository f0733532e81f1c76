"""The two stores every contract is run against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.store.database import Database
from digest.store.migrate import upgrade
from tests.postgres import postgresql_server, postgresql_url

__all__ = ["database", "postgresql_server", "postgresql_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database at this version's tables."""
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("postgresql_url") if on_server else "sqlite:///digest.db"
    opened = Database(url, tmp_path)
    upgrade(opened)
    yield opened
    opened.close()
