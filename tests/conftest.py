"""Stores at this version's tables, made once a session and copied for each test; and quick passwords."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
import sqlalchemy
from argon2 import PasswordHasher

from digest import passwords
from digest.store import database as store
from digest.store.database import Database
from digest.store.migrate import upgrade
from tests import morning
from tests.blank_store import lay_tables
from tests.postgres import Server, postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]

# No deadline: how long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("digest", deadline=None, max_examples=100)
hypothesis.settings.load_profile("digest")


@pytest.fixture(scope="session", autouse=True)
def quick_stores() -> Iterator[None]:
    """SQLite in this process waits for no disk, since no test takes the power away, and each statement is
    compiled once a session: with an engine a test, that was a quarter of the time of most that have a store.
    """
    first: dict[str, sqlalchemy.Engine] = {}

    def create_engine(url: sqlalchemy.URL | str, **options: Any) -> sqlalchemy.Engine:
        made = sqlalchemy.create_engine(url, **options)
        known = first.setdefault(made.dialect.name, made)
        if known.dialect.default_schema_name:  # it has met its database
            made.dialect, made._compiled_cache = known.dialect, known._compiled_cache
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "create_engine", create_engine)
        patch.setattr(morning, "create_engine", create_engine)
        patch.setattr(store, "PRAGMAS", (*store.PRAGMAS, "synchronous=OFF"))
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file."""
    return lay_tables(tmp_path_factory.mktemp("template"), "digest.db")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an empty database that nobody uses."""
    url = postgresql_server.fresh()
    database = Database(url, tmp_path_factory.mktemp("template"))
    upgrade(database)
    database.close()
    return urlsplit(url).path[1:]


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A store of its own in the test's folder, as the configuration names it."""
    shutil.copy(sqlite_template, tmp_path / "digest.db")
    return "sqlite:///digest.db"


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes at next to no cost, where a test is not about it; tests/test_passwords.py is."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    nobody = hasher.hash("nobody's password")
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    monkeypatch.setattr(passwords, "_of_nobody", lambda: nobody)
