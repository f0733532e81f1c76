"""Keeping a database: is it whole, and a copy of it."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from digest.errors import StoreError
from digest.store.database import Database
from digest.store.migrate import current, mismatch


def faults(database: Database) -> list[str]:
    """What is wrong with a database, in words; [] where nothing is."""
    found = [said for said in [mismatch(current(database))] if said]
    if database.is_sqlite:
        with database.read() as connection:
            checked = connection.execute(text("PRAGMA quick_check(10)")).scalars().all()
            dangling = connection.execute(text("PRAGMA foreign_key_check")).all()
        found += [line for line in checked if line != "ok"]
        found += [f"table {row[0]}: a row names one that is missing in {row[2]}" for row in dangling[:10]]
    return found


def backup(database: Database, target: Path) -> None:
    """A consistent copy, taken while others write. Raises StoreError where it cannot be written."""
    target.touch(mode=0o600)
    if database.is_sqlite:
        _backup_sqlite(database.file, target)
    else:
        postgresql_tool("pg_dump", "--format=custom", f"--file={target}", database.driver_url)


def _backup_sqlite(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)
    except sqlite3.Error as error:
        raise StoreError(f"{target}: {error}") from error


def postgresql_tool(*command: str) -> str:
    """What one of PostgreSQL's own programs says, which know it better than we do. Raises StoreError."""
    try:
        done = subprocess.run(  # noqa: S603 - our configuration's address, the operator's file name, and no shell
            command, check=True, capture_output=True, text=True
        )
        return done.stdout
    except FileNotFoundError:
        raise StoreError(f"{command[0]} is not installed; install PostgreSQL's client programs") from None
    except subprocess.CalledProcessError as error:
        raise StoreError(f"{command[0]}: {error.stderr.strip()}") from error
