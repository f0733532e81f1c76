"""The log of the desk: who did what, and when. Written once, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from digest.model import Noted
from digest.store import tables
from digest.store.database import Database
from digest.store.times import seconds, utc

_AUDIT = tables.audit.c


class Audit:
    """The lines of the log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, who: str, did: str, detail: str, now: datetime) -> None:
        """Add a line. `who` is an account's address, or what acted for nobody: "command", "sign-in"."""
        with self._database.write() as connection:
            values = {"at": seconds(now), "who": who, "did": did, "detail": detail}
            connection.execute(insert(tables.audit).values(values))

    def newest(self, limit: int, before: int | None = None) -> list[tuple[int, Noted]]:
        """The newest lines with their numbers, newest first; those before a number if given."""
        query = select(tables.audit).order_by(_AUDIT.id.desc()).limit(limit)
        if before:
            query = query.where(_AUDIT.id < before)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [(row.id, Noted(utc(row.at), row.who, row.did, row.detail)) for row in rows]
