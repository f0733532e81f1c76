"""One database behind two verbs: `read` and `write`. Knows what SQLite and PostgreSQL need to be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable, Table, create_engine, event, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from digest import ownership
from digest.errors import ConfigError, Crossed, StoreError
from digest.model import Hook
from digest.store.cures import cure
from digest.store.journal import Journal

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")  # of each SQLite connection
BUSY_SECONDS = 10  # how long a writer waits for another process's transaction before it says "locked"
FROZEN = "60s"  # what the server waits for a process that does nothing within a transaction
_PLANNING_LOCK = 0x6469_6765_7374  # any constant will do, as long as every process uses the same


class Database:
    """An engine, and its transactions. Raises StoreError, in words, where the database fails."""

    def __init__(self, url: str, folder: Path = Path(), *, password: str = "") -> None:
        self.url = _resolved(url, folder, password)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, self.is_sqlite)
        self._writing = self.engine.execution_options(immediate=True)
        # SQLite's writers wait by asking again and again, whoever is luckiest first: with forty threads the
        # slowest of a hundred waited 2 s, taking turns 0.6 s.
        self._turn = Lock() if self.is_sqlite else nullcontext()
        self.hooks: Sequence[Hook] = ()  # who is told of events: see store/hooks.py
        self.journal = Journal(folder / "var" / "journal.jsonl")

    @property
    def file(self) -> Path:
        """The database file (SQLite)."""
        return Path(self.url.database or "")

    @property
    def driver_url(self) -> str:
        """What the raw drivers take: the path of a SQLite file, or a libpq URL."""
        if self.is_sqlite:
            return str(self.file)
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: one consistent picture, never blocked by writers."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits at the end, or leaves nothing.

        On SQLite it takes the write lock at once: one that reads first and writes later fails "locked"
        without waiting when another process wrote in between.
        """
        with self._told(), self._turn, self._writing.begin() as connection:
            yield connection

    @contextmanager
    def plan(self) -> Iterator[Connection]:
        """A write that no other planner shares, so that the delivery ids it draws are consecutive."""
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PLANNING_LOCK})
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            place = self.url.render_as_string(hide_password=True)
            cause = (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]
            said = f"database {place}: {cause}"
            if what_to_do := cure(cause):
                said += f"; {what_to_do}"
            # By name: to import the driver would cost every command on SQLite a tenth of a second.
            crossed = type(error.orig).__name__ == "DeadlockDetected"
            raise (Crossed if crossed else StoreError)(said) from error


def changed(result: CursorResult[Any]) -> bool:
    """Whether a statement touched a row: the first of two processes to do a thing learns that it did."""
    return result.rowcount > 0


def run(connection: Connection, statement: Executable, rows: Any = None) -> CursorResult[Any]:
    """Execute an INSERT, UPDATE or DELETE."""
    return cast("CursorResult[Any]", connection.execute(statement, rows))


def insert_into(connection: Connection, table: Table) -> Any:
    """An INSERT of this database's own kind, which knows what to do on a conflict."""
    # Late: PostgreSQL's dialect with all its drivers takes every command on SQLite a tenth of a second.
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]  # the same methods
    return insert(table)


def insert_or_ignore(connection: Connection, table: Table) -> Any:
    """An INSERT that leaves a row alone whose unique key is taken: the key decides who was first."""
    return insert_into(connection, table).on_conflict_do_nothing()


def inserted(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row; False where its unique key was taken and nothing was changed."""
    key = next(iter(table.primary_key.columns))
    done = connection.execute(insert_or_ignore(connection, table).values(row).returning(key))
    return done.first() is not None


def ensure(connection: Connection, table: Table, key: Mapping[str, Any], **values: Any) -> int:
    """The id of the row with this unique key, inserted with `values` where it is missing."""
    query = select(table.c.id).filter_by(**key)
    found = connection.scalar(query)
    if found is not None:
        return int(found)
    connection.execute(insert_or_ignore(connection, table).values(**key, **values))
    return int(connection.execute(query).scalar_one())


def chunks(values: Sequence[Any], size: int = 500) -> Iterator[Sequence[Any]]:
    """Slices short enough for one statement's parameters."""
    return (values[start : start + size] for start in range(0, len(values), size))


def _resolved(url: str, folder: Path, password: str) -> URL:
    try:
        made = make_url(url)
    except ArgumentError:
        raise ConfigError(
            f"store: url: {url!r} is not sqlite:///FILE or postgresql://USER@HOST/NAME"
        ) from None
    if made.get_backend_name() == "sqlite":
        if made.database in {None, "", ":memory:"}:
            raise ConfigError("store: url: name a file, as in sqlite:///var/digest.db")
        return made.set(database=str(folder / str(made.database)))
    if made.get_backend_name() == "postgresql":
        return made.set(drivername="postgresql+psycopg", password=password or made.password)
    raise ConfigError(f"store: url: {made.get_backend_name()} is not supported; use sqlite or postgresql")


def _engine(url: URL, is_sqlite: bool) -> Engine:
    """With parameters hidden: a fault is told with its statement, and no address or token of a reader."""
    if not is_sqlite:
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "connect", _never_frozen)
        return engine
    ownership.ensure(Path(str(url.database)))  # addresses are nobody else's business
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _never_frozen(connection: Any, _record: object) -> None:
    """A planner that is frozen, or whose machine is gone, must not keep the others from planning."""
    connection.execute(f"SET idle_in_transaction_session_timeout = '{FROZEN}'")
    connection.commit()


def _prepare(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late (before the first write) and lets DDL escape a rollback.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
