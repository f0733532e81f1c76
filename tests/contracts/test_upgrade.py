"""Every version's tables, full of rows, become this version's, on every store: nothing is lost on the way."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from digest.store import migrate, tables
from digest.store.database import Database
from digest.store.readers import Readers
from digest.store.upkeep import faults
from tests.builders import TOKENS, subscribe
from tests.postgres import Server

CONFIG = Config()
CONFIG.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
REVISIONS = [script.revision for script in ScriptDirectory.from_config(CONFIG).walk_revisions()][::-1]
ROWS = 3

# What a migration may read and understand; everything else is filled by its type.
MEANT = {
    "inflight": "[]",
    "choice": '["World"]',
    "days": "daily",
    "zone": "UTC",
    "state": "active",
    "wave": "",
}


def to_revision(database: Database, revision: str) -> None:
    with database.write() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, revision)


def value(column: sa.Column[Any], number: int) -> Any:
    """Something that fits, different in each row, so that every unique key is met."""
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, (sa.Date, sa.DateTime)):
        return datetime.date(2026, 1, number)
    if isinstance(kind, sa.LargeBinary):
        return b"%016d" % number
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, (sa.Text, sa.String)):
        return MEANT.get(column.name, f"{column.name}{number}")
    return number


def is_ours(name: str) -> bool:
    """Whether a table is not one of Alembic's or the queue's own."""
    return name != "alembic_version" and not name.startswith("procrastinate_")


def fill(database: Database) -> dict[str, int]:
    """Rows in every table there is, each naming the row of its number in the tables it belongs to."""
    there = sa.MetaData()
    there.reflect(database.engine)
    filled = [table for table in there.sorted_tables if is_ours(table.name)]
    with database.write() as connection:
        for table in filled:
            rows = [{one.name: value(one, n) for one in table.columns} for n in range(1, ROWS + 1)]
            connection.execute(table.insert(), rows)
            if not database.is_sqlite and "id" in table.columns:
                draw = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {ROWS})"
                connection.exec_driver_sql(draw)
    return {table.name: ROWS for table in filled}


def counts(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
            for name in sa.inspect(database.engine).get_table_names()
        }


@pytest.fixture(scope="session")
def sqlite_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty file of each version, NUMBER.db."""
    folder, last = tmp_path_factory.mktemp("versions"), None
    for revision in REVISIONS:
        file = folder / f"{revision}.db"
        if last:
            shutil.copy(last, file)
        last = file
        made(f"sqlite:///{file}", folder, revision)
    return folder


@pytest.fixture(scope="session")
def postgresql_versions(
    postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The name of an empty database of each version, that nobody uses."""
    folder, names, last = tmp_path_factory.mktemp("versions"), {}, "template1"
    for revision in REVISIONS:
        url = postgresql_server.fresh(last)
        made(url, folder, revision)
        names[revision] = last = urlsplit(url).path[1:]
    return names


def made(url: str, folder: Path, revision: str) -> None:
    database = Database(url, folder)
    to_revision(database, revision)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def of_version(request: pytest.FixtureRequest, revision: str, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the version that the test names."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql_server")
        url = server.fresh(request.getfixturevalue("postgresql_versions")[revision])
    else:
        versions: Path = request.getfixturevalue("sqlite_versions")
        shutil.copy(versions / f"{revision}.db", tmp_path / "digest.db")
        url = "sqlite:///digest.db"
    database = Database(url, tmp_path)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("postgresql_url") if on_server else "sqlite:///digest.db"
    database = Database(url, tmp_path)
    yield database
    database.close()


def test_the_newest_file_is_what_the_program_asks_for() -> None:
    assert REVISIONS[-1] == migrate.HEAD
    assert REVISIONS[0] == "0001"


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_full_database_of_any_version_becomes_this_versions(of_version: Database) -> None:
    before = fill(of_version)
    migrate.upgrade(of_version)
    after = counts(of_version)
    kept = {name: after.get(name, 0) for name in before if name in tables.metadata.tables}
    assert kept == {name: before[name] for name in kept}
    assert faults(of_version) == []
    assert subscribe(Readers(of_version, TOKENS), "ada@example.com").created


def is_kept(one: Any, _name: object, kind: str, _reflected: bool, _other: object) -> bool:
    """Whether both stores have a thing: on PostgreSQL planned rows are not held to others (0008)."""
    return kind != "foreign_key_constraint" or one.table.name not in {"delivery", "had"}


def test_migrations_leave_nothing_that_the_program_does_not_know(empty: Database) -> None:
    """Columns, kinds, what may be NULL, keys and indexes are those of digest/store/tables."""
    migrate.upgrade(empty)
    with empty.read() as connection:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _of: kind != "table" or is_ours(name),
            "include_object": is_kept,
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, tables.metadata) == []
