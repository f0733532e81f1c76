"""What went wrong, told once, and closed when it is over. Silence is an incident."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from digest.store import tables
from digest.store.database import Database, changed, inserted, run
from digest.store.times import moment, seconds


class Incident(NamedTuple):
    """One thing that went wrong, in a plain sentence."""

    key: str
    kind: str
    text: str
    opened: datetime


class Incidents:
    """The open and closed incidents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, key: str, kind: str, text: str, now: datetime) -> bool:
        """Open an incident; False if the same one is open already."""
        with self._database.write() as connection:
            row = {"key": key, "kind": kind, "text": text, "opened": seconds(now)}
            return inserted(connection, tables.incident, row)

    def close(self, key: str, now: datetime) -> bool:
        """Close what is open under a key; False if nothing was."""
        with self._database.write() as connection:
            there = update(tables.incident).where(
                tables.incident.c.key == key, tables.incident.c.closed.is_(None)
            )
            return changed(run(connection, there.values(closed=seconds(now))))

    def current(self) -> list[Incident]:
        """What is wrong now, oldest first."""
        query = select(tables.incident).where(tables.incident.c.closed.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(tables.incident.c.opened)).all()
        return [Incident(row.key, row.kind, row.text, moment(row.opened)) for row in rows]
