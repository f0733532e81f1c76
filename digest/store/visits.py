"""What the next visit to a source must know: its ETag, its failures, when it may be asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from digest.model import SourceState
from digest.store import tables
from digest.store.database import Database, ensure
from digest.store.times import seconds, utc, utc_or_none


class Visits:
    """The visits to each source, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def state(self, name: str) -> SourceState:
        """What was recorded last; an empty state before the first visit."""
        query = select(tables.source.c.state).where(tables.source.c.name == name)
        with self._database.read() as connection:
            return _state(connection.scalar(query) or {})

    def record(
        self, name: str, state: SourceState, now: datetime, told: Mapping[str, Any] | None = None
    ) -> None:
        """Keep a visit's state, and what it came to, as plain values for people."""
        with self._database.write() as connection:
            source = ensure(connection, tables.source, {"name": name}, state={})
            row = update(tables.source).where(tables.source.c.id == source)
            values = {"state": _json(state), "last_run": seconds(now)}
            connection.execute(row.values(values if told is None else {**values, "last_visit": dict(told)}))

    def every(self) -> dict[str, tuple[SourceState, datetime | None]]:
        """Every source's state and the time of its last visit."""
        with self._database.read() as connection:
            rows = connection.execute(select(tables.source).order_by(tables.source.c.name)).all()
        return {row.name: (_state(row.state), utc_or_none(row.last_run)) for row in rows}

    def told(self) -> dict[str, Mapping[str, Any]]:
        """What each source's last visit came to, as it was recorded."""
        query = select(tables.source.c.name, tables.source.c.last_visit)
        with self._database.read() as connection:
            return {row.name: row.last_visit for row in connection.execute(query) if row.last_visit}


def _json(state: SourceState) -> dict[str, Any]:
    values = asdict(state).items()
    return {name: seconds(value) if isinstance(value, datetime) else value for name, value in values}


def _state(values: dict[str, Any]) -> SourceState:
    """The state as stored, by whatever version: unknown fields are dropped, missing ones are defaults."""
    times = {field.name for field in fields(SourceState) if "datetime" in str(field.type)}
    known = {field.name: values[field.name] for field in fields(SourceState) if field.name in values}
    aware: dict[str, Any] = {
        name: utc(value) if name in times and value is not None else _frozen(value)
        for name, value in known.items()
    }
    return SourceState(**aware)


def _frozen(value: Any) -> Any:
    """JSON's lists as the tuples they were."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
