"""The ledger on SQLite: the event loop's own thread holds the connection and commits inline.

A writer thread would cost more than it saves. What makes this safe to block on is that a commit takes a
fraction of a millisecond, and that the one wait that may be long, for another process's write lock, is
spent asleep in the event loop.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import sqlite3
import time
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from digest import ownership
from digest.errors import StoreError
from digest.model import Outcome
from digest.store.ledger import sql
from digest.store.ledger.driver import Stamped

BUSY_SECONDS = 10.0  # how long another process's transaction is waited for
POLL_SECONDS = 0.02


@cache
def translate(statement: str) -> str:
    said = statement.replace("SKIPLOCKED", "").replace("CLOCK", "CAST(strftime('%s', 'now') AS INTEGER)")
    return re.sub(r"IN :(\w+)\[\]", r"IN (SELECT value FROM json_each(:\1))", said)


FENCE = translate(sql.FENCE).removesuffix("RETURNING id")  # the count of rows tells as much, and sooner
STOPPED, LEFT = translate(sql.STOPPED), translate(sql.LEFT)


class SqliteDriver:
    """One connection, one writer. Implements ledger.driver.Driver.

    A worker is alive as long as it holds a lock on its own file beside the database: the system lets go of
    it when the process ends, however it ends, so that a dead one is known at once and a slow one never taken
    for dead. Raises StoreError when the database cannot be opened.
    """

    def __init__(self, path: Path, busy: float = BUSY_SECONDS) -> None:
        self._path = path
        self._busy = busy
        self._me = 0
        self._locks: dict[int, int] = {}  # worker -> file descriptor: our own, and the dead not yet buried
        self._transaction = _Transaction(self)
        try:
            self.connection = sqlite3.connect(path, timeout=POLL_SECONDS, isolation_level=None)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -16000"):
                self.connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            raise self.told(error) from error

    def transaction(self, *, single: bool = False) -> _Transaction:
        return self._transaction

    async def run(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = json.dumps(value)
        return self.connection.execute(translate(statement), values).fetchall()

    async def stamp(
        self,
        now: int,
        me: int,
        inflight: str,
        accepted: Sequence[Outcome],
        editions: Collection[int],
        marks: Sequence[int],
        since: int | None,
    ) -> Stamped:
        execute = self.connection.execute
        alive = execute(FENCE, {"me": me, "inflight": inflight}).rowcount
        rows = [(now, one.code, one.reply, one.delivery) for one in accepted]
        self.connection.executemany(sql.ACCEPT, rows)
        if alive and since == await self.moment():
            return Stamped(True, {}, frozenset())
        stopped = execute(STOPPED, {"now": now, "editions": repr(list(editions))}).fetchall()
        gone = execute(LEFT, {"ids": repr(list(marks))}).fetchall()
        return Stamped(bool(alive), dict(stopped), frozenset(row[0] for row in gone))

    async def moment(self) -> int | None:
        """The commits of other connections are counted. A look costs a tenth of one at what they did."""
        moment: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
        return moment

    async def begin(self) -> None:
        deadline = time.monotonic() + self._busy
        while True:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise self.told(error) from error
            else:
                return
            await asyncio.sleep(POLL_SECONDS)

    def told(self, error: sqlite3.Error) -> StoreError:
        """The error in words, with its cure."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        cure = {
            sqlite3.SQLITE_BUSY: f"another program held it for {self._busy:g} s; end that one and run again",
            sqlite3.SQLITE_FULL: "make room on the disk and run again",
            sqlite3.SQLITE_IOERR: "check the disk and run again",
            sqlite3.SQLITE_CANTOPEN: "check that the folder exists and may be written to",
        }.get(code, "run: digest db check")
        return StoreError(f"database {self._path}: {error}; {cure}. Nothing recorded is lost")

    async def enrol(self, now: int) -> int:
        async with self.transaction():
            rows = await self.run(sql.ENROL, name=f"process {os.getpid()}", now=now)
            worker = int(rows[0][0])
            held = self._try_lock(worker)  # before the commit, so that nobody sees the row without its lock
            if held is None:
                raise StoreError(f"{self._lock_file(worker)} is locked by another program; remove it")
            self._me, self._locks[worker] = worker, held
        return worker

    async def dead(self) -> list[int]:
        others = {row[0] for row in await self.run("SELECT id FROM worker")} - {self._me}
        for worker in others - set(self._locks):
            held = self._try_lock(worker)
            if held is not None:
                self._locks[worker] = held
        return sorted(others & set(self._locks))

    async def leave(self, workers: Sequence[int]) -> None:
        for worker in workers:
            self._lock_file(worker).unlink(missing_ok=True)
            os.close(self._locks.pop(worker))

    async def close(self) -> None:
        self.connection.close()
        for held in self._locks.values():
            os.close(held)
        self._locks.clear()

    def _lock_file(self, worker: int) -> Path:
        return self._path.with_name(f"{self._path.name}-worker-{worker}")

    def _try_lock(self, worker: int) -> int | None:
        """A file descriptor that holds the worker's lock; None when another process does."""
        ownership.ensure(self._lock_file(worker))
        file = os.open(self._lock_file(worker), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        return file


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT. Tasks of this process wait for one another in order."""

    def __init__(self, driver: SqliteDriver) -> None:
        self._driver = driver
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> None:
        await self._lock.acquire()
        try:
            await self._driver.begin()
        except BaseException:
            self._lock.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection = self._driver.connection
        try:
            connection.execute("ROLLBACK" if error else "COMMIT")
        except sqlite3.Error as failed:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if error is None:
                error = failed
        finally:
            self._lock.release()
        if isinstance(error, sqlite3.Error):
            raise self._driver.told(error) from error
