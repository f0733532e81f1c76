"""Events for others' servers, written in the transaction of what they tell: neither can be lost alone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from digest.model import Call, Event, Hook
from digest.store import tables
from digest.store.database import Database
from digest.store.subscriptions import SUBSCRIPTIONS
from digest.store.times import seconds, utc

CLAIM = timedelta(minutes=15)  # an event handed to a process that died is sent again after this

_HOOK = tables.hook.c


def happened(connection: Connection, hooks: Sequence[Hook], event: Event, now: datetime, **data: Any) -> None:
    """Write an event for every server that wants it; inside a write."""
    rows = list(rows_of(hooks, event, seconds(now), data))
    if rows:
        connection.execute(insert(tables.hook), rows)


def edition_happened(
    connection: Connection, hooks: Sequence[Hook], event: Event, editions: Sequence[int], now: datetime
) -> None:
    """Write an event of each of these editions; inside a write."""
    if not wanted(hooks, event) or not editions:
        return
    of = tables.edition.c
    query = select(of.id, tables.newsletter.c.slug.label("newsletter"), of.date, of.wave, of.subject)
    joined = query.select_from(tables.edition.join(tables.newsletter)).where(of.id.in_(editions))
    for row in connection.execute(joined).mappings().all():
        happened(connection, hooks, event, now, **row)


def reader_happened(
    connection: Connection,
    hooks: Sequence[Hook],
    event: Event,
    subscriptions: ColumnElement[bool],
    now: datetime,
    **more: Any,
) -> None:
    """Write an event of each of these subscriptions, as they are now; inside a write."""
    if not wanted(hooks, event):
        return
    for row in connection.execute(SUBSCRIPTIONS.where(subscriptions)).all():
        data = {"subscriber": row.ref.hex(), "newsletter": row.slug, "address": row.address, **more}
        happened(connection, hooks, event, now, **data)


def wanted(hooks: Sequence[Hook], event: Event) -> bool:
    """Whether any server wants to be told."""
    return any(event in hook.events for hook in hooks)


def rows_of(hooks: Sequence[Hook], event: Event, now: int, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of an event, `now` in UTC seconds."""
    for hook in hooks:
        if event in hook.events:
            yield {
                "ref": f"msg_{secrets.token_hex(16)}",
                "url": hook.url,
                "event": event.value,
                "data": json.dumps(data, ensure_ascii=False, default=str),
                "at": now,
                "next_at": now,
                "attempts": 0,
                "reply": "",
            }


class Hooks:
    """The events that wait to be taken by their servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: datetime, limit: int = 20) -> list[Call]:
        """The oldest that are due, ours until settled, or until this process is taken for dead."""
        due = select(tables.hook).where(_HOOK.next_at <= seconds(now)).order_by(_HOOK.next_at, _HOOK.id)
        with self._database.write() as connection:
            rows = connection.execute(due.limit(limit).with_for_update(skip_locked=True)).all()
            claimed = update(tables.hook).where(_HOOK.id.in_([row.id for row in rows]))
            connection.execute(claimed.values(next_at=seconds(now + CLAIM)))
        return [_call(row) for row in rows]

    def is_due(self, now: datetime) -> bool:
        """Whether any is to be sent now: a look at an index."""
        due = select(_HOOK.id).where(_HOOK.next_at <= seconds(now)).limit(1)
        with self._database.read() as connection:
            return connection.execute(due).first() is not None

    def taken(self, call: Call) -> None:
        """Forget what its server has."""
        with self._database.write() as connection:
            connection.execute(delete(tables.hook).where(_HOOK.id == call.id))

    def failed(self, call: Call, reply: str, next_at: datetime | None) -> None:
        """Remember why an attempt failed, and when the next one is; None: given up."""
        values = {
            "attempts": call.attempts + 1,
            "reply": reply[:1000],
            "next_at": seconds(next_at) if next_at else None,
        }
        with self._database.write() as connection:
            connection.execute(update(tables.hook).where(_HOOK.id == call.id).values(values))


def _call(row: Any) -> Call:
    return Call(row.id, row.ref, row.url, Event(row.event), row.data, utc(row.at), row.attempts)
