"""The ledger on PostgreSQL: one connection a worker, and a lease that its own clock times.

A worker is alive as long as it signs in within the lease. One that was only slow finds its row gone at its
next transaction, and stops: the row is the fence.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from types import TracebackType
from typing import Any

import psycopg

from digest.errors import Crossed, StoreError
from digest.model import Outcome
from digest.store.ledger import sql
from digest.store.ledger.driver import Stamped

LEASE_SECONDS = 60

# One statement for a settlement: each costs a round trip and as much CPU as a mail, and a single one is
# committed by itself. The ids are a list of their own because a join with them is planned as a scan of the
# whole table while that has no statistics yet. FOR SHARE: a reader who is leaving at this moment is waited
# for, and one who leaves now waits until the mark is durable.
_STAMP = """
    WITH alive AS (
        UPDATE worker SET seen = CLOCK, inflight = :inflight WHERE id = :me RETURNING id
    ), accepted AS (
        UPDATE delivery SET state = 3, at = :now, attempts = attempts + 1, next_at = NULL, status = NULL,
            code = (:codes::smallint[])[array_position(:ids::bigint[], id)],
            reply = (:replies::text[])[array_position(:ids::bigint[], id)]
        WHERE id = ANY(:ids::bigint[]) AND state <> 3
    ), marked AS (
        SELECT id FROM delivery WHERE id = ANY(:marks::bigint[]) AND state IN {open} FOR SHARE
    ), stopped AS (
        {stopped}
    )
    SELECT EXISTS (SELECT FROM alive), ARRAY(SELECT id FROM marked), ARRAY(SELECT scope FROM stopped),
        ARRAY(SELECT reason FROM stopped)"""


@cache
def translate(statement: str) -> str:
    said = statement.replace("SKIPLOCKED", "FOR UPDATE OF b SKIP LOCKED")
    said = said.replace("CLOCK", "CAST(extract(epoch FROM clock_timestamp()) AS bigint)")
    said = re.sub(r"IN :(\w+)\[\]", r"= ANY(:\1)", said)
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", said)


STAMP = translate(_STAMP.format(stopped=sql.STOPPED, open=sql.OPEN))


def told(error: psycopg.Error) -> StoreError:
    """The error in words, with its cure."""
    words = " ".join(str(error).split()) or type(error).__name__
    kind = Crossed if isinstance(error, psycopg.errors.DeadlockDetected) else StoreError
    return kind(f"PostgreSQL: {words}; see that the server runs and has room. Nothing recorded is lost")


class PostgresqlDriver:
    """Implements ledger.driver.Driver. The lease is judged by the server's clock alone."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]], lease: int) -> None:
        self.connection = connection
        self._lease = lease
        turn = asyncio.Lock()
        self._transaction = _Transaction(connection, turn)
        self._single = _Single(connection, turn)

    @classmethod
    async def connect(cls, url: str, lease: int = LEASE_SECONDS) -> PostgresqlDriver:
        """A connection to the server at a libpq URL. Raises StoreError when there is none.

        A worker that is frozen within a transaction would keep its row locked, and nobody could take over:
        the server ends such a connection when the lease is over.
        """
        try:
            connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
            await connection.execute(f"SET idle_in_transaction_session_timeout = '{lease}s'".encode())
            return cls(connection, lease)
        except psycopg.Error as error:
            raise told(error) from error

    def transaction(self, *, single: bool = False) -> _Single:
        return self._single if single else self._transaction

    async def run(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        cursor = await self.connection.execute(translate(statement), values)
        return await cursor.fetchall() if cursor.description else []

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
        values = {
            "me": me,
            "now": now,
            "inflight": inflight,
            "ids": array(one.delivery for one in accepted),
            "codes": array(one.code for one in accepted),
            "replies": [one.reply for one in accepted],
            "editions": list(editions),
            "marks": array(marks),
        }
        cursor = await self.connection.execute(STAMP, values, prepare=True)
        row = await cursor.fetchone()
        assert row, "it selects from nothing"
        alive, go, scopes, reasons = row
        gone = frozenset(marks).difference(go)
        return Stamped(alive, dict(zip(scopes, reasons, strict=True)), gone)

    async def moment(self) -> None:
        """Others write all the time here, and a statement more would cost a round trip."""

    async def enrol(self, now: int) -> int:
        async with self.transaction():
            name = f"{socket.gethostname()} process {os.getpid()}"
            rows = await self.run(sql.ENROL, name=name, now=now)
        return int(rows[0][0])

    async def dead(self) -> list[int]:
        rows = await self.run(
            "SELECT id FROM worker WHERE seen < CLOCK - :lease FOR UPDATE SKIP LOCKED", lease=self._lease
        )
        return [row[0] for row in rows]

    async def leave(self, workers: Sequence[int]) -> None:
        pass  # a worker is nothing but its row here

    async def close(self) -> None:
        await self.connection.close()


class _Single:
    """A statement that the server commits by itself. Tasks of this process wait for one another in order."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]], turn: asyncio.Lock) -> None:
        self._connection = connection
        self._turn = turn

    async def __aenter__(self) -> None:
        await self._turn.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._turn.release()
        if isinstance(error, psycopg.Error):
            raise told(error) from error


class _Transaction(_Single):
    """BEGIN … COMMIT."""

    async def __aenter__(self) -> None:
        await super().__aenter__()
        try:
            await self._connection.execute("BEGIN")
        except BaseException as error:
            await super().__aexit__(type(error), error, None)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not self._connection.broken:
                await self._connection.execute("ROLLBACK" if error else "COMMIT")
        except psycopg.Error as failed:
            error = error or failed
        finally:
            await super().__aexit__(kind, error, trace)


def array(numbers: Iterable[int]) -> str:
    """A list as PostgreSQL writes it. Given as a list, its type would depend on its largest number."""
    return "{" + ",".join(map(str, numbers)) + "}"
