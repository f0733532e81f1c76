"""Bring a database to the tables of this version. Run at start, or by `digest db upgrade`.

Alembic is imported only where something is to be done: it would cost every command a fifth of a second.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from digest.store.database import Database

HEAD = "0009"  # the newest file in migrations/versions; a test keeps it so


def upgrade(database: Database) -> None:
    """Run the migrations that are missing; several processes may do so at once."""
    if current(database) != HEAD:
        with database.plan() as connection:
            if _revision(connection) != HEAD:
                _migrate(connection)


def current(database: Database) -> str | None:
    """The revision the database is at; None for an empty one."""
    with database.read() as connection:
        return _revision(connection)


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
