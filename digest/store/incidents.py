"""What went wrong, told once, and closed when it is over. Silence is an incident."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update

from digest.model import Event, Incident
from digest.store import tables
from digest.store.database import Database, inserted, run
from digest.store.hooks import happened
from digest.store.times import seconds, utc


class Incidents:
    """The open and closed incidents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, key: str, kind: str, text: str, now: datetime) -> bool:
        """Open an incident; False if the same one is open already."""
        with self._database.write() as connection:
            row = {"key": key, "kind": kind, "text": text, "opened": seconds(now)}
            opened = inserted(connection, tables.incident, row)
            if opened:
                self._tell(connection, key, kind, text, now, is_open=True)
            return opened

    def close(self, key: str, now: datetime) -> bool:
        """Close what is open under a key; False if nothing was."""
        with self._database.write() as connection:
            return self._close(connection, tables.incident.c.key == key, now)

    def settle(self, slug: str, day: date, now: datetime) -> None:
        """Close what was wrong with a newsletter's earlier editions: the next one went out."""
        key = tables.incident.c.key
        earlier = and_(key.like(f"%:{slug}:%"), key.not_like(f"%:{day}"))
        with self._database.write() as connection:
            self._close(connection, earlier, now)

    def _close(self, connection: Connection, which: ColumnElement[bool], now: datetime) -> bool:
        there = update(tables.incident).where(which, tables.incident.c.closed.is_(None))
        columns = (tables.incident.c.key, tables.incident.c.kind, tables.incident.c.text)
        rows = connection.execute(there.values(closed=seconds(now)).returning(*columns)).all()
        for row in rows:
            self._tell(connection, row.key, row.kind, row.text, now, is_open=False)
        return bool(rows)

    def _tell(
        self, connection: Connection, key: str, kind: str, text: str, now: datetime, *, is_open: bool
    ) -> None:
        data = {"key": key, "kind": kind, "text": text, "open": is_open}
        happened(connection, self._database.hooks, Event.INCIDENT, now, **data)

    def untold(self) -> list[Incident]:
        """What the operator has not been told of yet, oldest first."""
        query = select(tables.incident).where(tables.incident.c.told.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(tables.incident.c.opened)).all()
        return [_incident(row) for row in rows]

    def tell(self, incident: Incident, now: datetime) -> None:
        """Remember that the operator was told."""
        with self._database.write() as connection:
            there = update(tables.incident).where(tables.incident.c.id == incident.id)
            run(connection, there.values(told=seconds(now)))

    def lasting(self, since: datetime) -> list[Incident]:
        """What the operator was told of before an instant, once, and is still wrong."""
        column = tables.incident.c
        told = and_(column.closed.is_(None), column.told <= seconds(since), column.reminded.is_(False))
        with self._database.read() as connection:
            rows = connection.execute(select(tables.incident).where(told).order_by(column.opened)).all()
        return [_incident(row) for row in rows]

    def remind(self, incident: Incident, now: datetime) -> None:
        """Remember that the operator was reminded."""
        with self._database.write() as connection:
            there = update(tables.incident).where(tables.incident.c.id == incident.id)
            run(connection, there.values(reminded=True, told=seconds(now)))

    def over(self) -> list[Incident]:
        """What the operator was told of, is over, and has not been told to be."""
        column = tables.incident.c
        ended = and_(column.closed.is_not(None), column.told.is_not(None), column.ended.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(select(tables.incident).where(ended).order_by(column.closed)).all()
        return [_incident(row) for row in rows]

    def end(self, incident: Incident, now: datetime) -> None:
        """Remember that the operator was told of the end."""
        with self._database.write() as connection:
            there = update(tables.incident).where(tables.incident.c.id == incident.id)
            run(connection, there.values(ended=seconds(now)))

    def current(self) -> list[Incident]:
        """What is wrong now, oldest first."""
        query = select(tables.incident).where(tables.incident.c.closed.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(tables.incident.c.opened)).all()
        return [_incident(row) for row in rows]


def _incident(row: Any) -> Incident:
    return Incident(row.id, row.key, row.kind, row.text, utc(row.opened))
