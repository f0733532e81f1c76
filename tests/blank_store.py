"""An empty store on SQLite: quicker than its migrations, which tests/contracts runs."""

from __future__ import annotations

from pathlib import Path

from digest.store import tables
from digest.store.database import Database
from digest.store.migrate import HEAD


def lay_tables(folder: Path, file: str = "var/digest.db") -> Path:
    """The file of an empty database in this working folder."""
    database = Database(f"sqlite:///{file}", folder)
    with database.write() as connection:
        tables.metadata.create_all(connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")
    database.close()
    return database.file
