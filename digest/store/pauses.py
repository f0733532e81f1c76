"""What is stopped, for every process: everything, an edition, or a recipient domain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from digest.model import Pause
from digest.store import tables
from digest.store.database import Database, changed, insert_into, run
from digest.store.times import moment, seconds

_PAUSE = tables.pause.c


class Pauses:
    """The pauses that people make and lift. The sender's own, which end by themselves, are the ledger's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, now: datetime) -> list[Pause]:
        """What is paused now, in the order in which it was."""
        stands = or_(_PAUSE.until.is_(None), _PAUSE.until > seconds(now))
        with self._database.read() as connection:
            rows = connection.execute(select(tables.pause).where(stands).order_by(_PAUSE.since)).all()
        return [
            Pause(row.scope, row.reason, moment(row.since), None if row.until is None else moment(row.until))
            for row in rows
        ]

    def add(self, scope: str, reason: str, now: datetime) -> None:
        """Stop "all", "edition:ID" or "domain:NAME" for every process, until lifted."""
        row = {"scope": scope, "reason": reason, "since": seconds(now), "until": None}
        with self._database.write() as connection:
            new = insert_into(connection, tables.pause).values(row)
            run(connection, new.on_conflict_do_update(index_elements=["scope"], set_=row))

    def lift(self, *scopes: str) -> bool:
        """Lift pauses; none named: all of them. False if there was none."""
        with self._database.write() as connection:
            gone = tables.pause.delete()
            return changed(run(connection, gone.where(_PAUSE.scope.in_(scopes)) if scopes else gone))
