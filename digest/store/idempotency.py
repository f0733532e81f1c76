"""Answers to requests that named themselves (Idempotency-Key), kept for whoever sends the same again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select, update

from digest.model import ApiKey
from digest.store import tables
from digest.store.database import Database, inserted
from digest.store.times import seconds

KEPT = timedelta(days=1)
AT_WORK = timedelta(minutes=2)  # a request of which nothing was heard for so long died with its process

_ROW = tables.idempotency.c


class Answer(NamedTuple):
    """What is known of a request of that name. `status` is 0 while it is being worked on."""

    same: bool  # False: that name stood on another request
    status: int
    body: bytes


class KeptAnswers:
    """The answers of the last day, each key's its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, owner: ApiKey, key: str, request: bytes, now: datetime) -> Answer | None:
        """Take a name for a request (its hash); where it is taken, what is known of that one."""
        mine = (_ROW.api_key == owner.id, _ROW.key == key)
        old = _ROW.at <= seconds(now - KEPT)
        dead = _ROW.status.is_(None) & (_ROW.at <= seconds(now - AT_WORK))
        row = {"api_key": owner.id, "key": key, "request": request, "at": seconds(now)}
        with self._database.write() as connection:
            connection.execute(delete(tables.idempotency).where(*mine, old | dead))
            if inserted(connection, tables.idempotency, row):
                return None
            known = connection.execute(select(tables.idempotency).where(*mine)).one()
        return Answer(known.request == request, known.status or 0, known.body or b"")

    def keep(self, owner: ApiKey, key: str, status: int, body: bytes) -> None:
        """Keep the answer that was given."""
        with self._database.write() as connection:
            there = update(tables.idempotency).where(_ROW.api_key == owner.id, _ROW.key == key)
            connection.execute(there.values(status=status, body=body))

    def drop(self, owner: ApiKey, key: str) -> None:
        """Free a name whose request changed nothing: it may be sent again, put right."""
        with self._database.write() as connection:
            there = (_ROW.api_key == owner.id, _ROW.key == key)
            connection.execute(delete(tables.idempotency).where(*there))
