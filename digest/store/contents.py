"""What a backup says of itself, before anything is replaced by it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from digest.errors import StoreError
from digest.store.database import Database
from digest.store.seal import NAME
from digest.store.upkeep import postgresql_tool


class Contents(NamedTuple):
    """At which tables a backup is, and the fingerprint of the secret it belongs to, "" for none."""

    revision: str
    fingerprint: str


def look_into(database: Database, backup: Path) -> Contents:
    """Read a backup of this kind of store. Raises StoreError for a file that is none."""
    return _sqlite(backup) if database.is_sqlite else _postgresql(backup)


@contextmanager
def opened(backup: Path) -> Iterator[sqlite3.Connection]:
    """A backup of SQLite, to be read alone. Raises StoreError."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(backup))}?mode=ro", uri=True)) as here:
            yield here
    except sqlite3.Error as error:
        raise StoreError(f"{backup}: not a backup of a digest database: {error}") from error


def _sqlite(backup: Path) -> Contents:
    with opened(backup) as here:
        (revision,) = here.execute("SELECT max(version_num) FROM alembic_version").fetchone()
        sealed = here.execute("SELECT 1 FROM sqlite_schema WHERE name = 'about'").fetchone()
        held = here.execute("SELECT value FROM about WHERE name = ?", [NAME]).fetchone() if sealed else None
    return Contents(revision or "", held[0] if held else "")


def _postgresql(backup: Path) -> Contents:
    asked = ("--table=alembic_version", "--table=about")
    told = postgresql_tool("pg_restore", "--data-only", *asked, "--file=-", str(backup))
    revision = re.search(r"^COPY \S*alembic_version .*\n(\w+)$", told, re.MULTILINE)
    if not revision:
        raise StoreError(f"{backup}: not a backup of a digest database")
    held = re.search(rf"^{NAME}\t(\w+)$", told, re.MULTILINE)
    return Contents(revision[1], held[1] if held else "")
