"""Stores at this version's tables, migrated once a session and copied for each test; and quick passwords."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher

from digest import passwords
from digest.store.database import Database
from digest.store.migrate import upgrade
from tests.postgres import Server, postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file."""
    folder = tmp_path_factory.mktemp("template")
    return Path(_migrated("sqlite:///digest.db", folder).file)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an empty database that nobody uses."""
    url = postgresql_server.fresh()
    _migrated(url, tmp_path_factory.mktemp("template"))
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


def _migrated(url: str, folder: Path) -> Database:
    database = Database(url, folder)
    upgrade(database)
    database.close()
    return database
