"""The ledger on PostgreSQL: one connection a worker, and a lease that its own clock times.

A worker is alive as long as it signs in within the lease. One that was only slow finds its row gone at its
next transaction, and stops: the row is the fence.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import Sequence
from functools import cache
from types import TracebackType
from typing import Any

import psycopg

from digest.errors import StoreError

LEASE_SECONDS = 60

# One statement for a group: each costs a round trip and as much CPU as a mail. The ids are a list of their
# own because a join with them is planned as a scan of the whole table while that has no statistics yet.
ACCEPT = """
    UPDATE delivery SET state = 3, at = %(now)s, attempts = attempts + 1, next_at = NULL, status = NULL,
        code = (%(codes)s::smallint[])[array_position(%(ids)s::bigint[], id)],
        reply = (%(replies)s::text[])[array_position(%(ids)s::bigint[], id)]
    WHERE id = ANY(%(ids)s::bigint[])"""


@cache
def translate(sql: str) -> str:
    sql = sql.replace("SKIPLOCKED", "FOR UPDATE OF b SKIP LOCKED")
    sql = sql.replace("CLOCK", "CAST(extract(epoch FROM clock_timestamp()) AS bigint)")
    sql = re.sub(r"IN :(\w+)\[\]", r"= ANY(:\1)", sql)
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", sql)


def told(error: psycopg.Error) -> StoreError:
    """The error in words, with its cure."""
    words = " ".join(str(error).split()) or type(error).__name__
    return StoreError(f"PostgreSQL: {words}; see that the server runs and has room. Nothing recorded is lost")


class PostgresqlDriver:
    """Implements ledger.Driver. The lease is judged by the server's clock alone."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]], lease: int) -> None:
        self.connection = connection
        self._lease = lease
        self._transaction = _Transaction(connection)

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

    def transaction(self) -> _Transaction:
        return self._transaction

    async def run(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        cursor = await self.connection.execute(translate(statement), values)
        return await cursor.fetchall() if cursor.description else []

    async def accept(self, now: int, rows: Sequence[tuple[int, int, str]]) -> None:
        ids, codes, replies = map(list, zip(*rows, strict=True))
        values = {"now": now, "ids": ids, "codes": codes, "replies": replies}
        await self.connection.execute(ACCEPT, values)

    async def enrol(self, now: int) -> int:
        async with self.transaction():
            rows = await self.run(
                "INSERT INTO worker (name, started, seen, inflight) VALUES (:name, :now, CLOCK, '[]')"
                " RETURNING id",
                name=f"{socket.gethostname()} process {os.getpid()}",
                now=now,
            )
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


class _Transaction:
    """BEGIN … COMMIT. Tasks of this process wait for one another in order."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> None:
        await self._lock.acquire()
        try:
            await self._connection.execute("BEGIN")
        except BaseException as error:
            self._lock.release()
            if isinstance(error, psycopg.Error):
                raise told(error) from error
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
            self._lock.release()
        if isinstance(error, psycopg.Error):
            raise told(error) from error
