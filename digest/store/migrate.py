"""Bring a database to the tables of this version. Run at start, or by `digest db upgrade`.

Alembic is imported only where something is to be done: it would cost every command a fifth of a second.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from digest.errors import StoreError
from digest.store.database import Database

HEAD = "0010"  # the newest file in migrations/versions; a test keeps it so


def upgrade(database: Database) -> None:
    """Run the migrations that are missing; several processes may do so at once.

    Raises StoreError where a newer version made the tables: there is no way back but a backup.
    """
    at = current(database)
    if is_newer(at):
        raise StoreError(f"database {database.url.render_as_string()}: {mismatch(at)}")
    if at != HEAD:
        with database.plan() as connection:
            if _revision(connection) != HEAD:
                _migrate(connection)


def current(database: Database) -> str | None:
    """The revision the database is at; None for an empty one."""
    with database.read() as connection:
        return _revision(connection)


def is_newer(at: str | None) -> bool:
    """Whether these tables are of a version after this one."""
    return at is not None and at > HEAD


def mismatch(at: str | None) -> str:
    """How tables at this revision differ from this version's, with the cure; "" where they do not."""
    if is_newer(at):
        told = f"made by a newer version (tables {at}, this one knows {HEAD})"
        return f"{told}; install that one, or: digest db restore FILE"
    if at != HEAD:
        return f"its tables are at {at or 'nothing'}, this version's at {HEAD}; run: digest db upgrade"
    return ""


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
