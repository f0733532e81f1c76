"""What was asked for on the pages, kept until it has been looked at.

The request that asks writes one row and is answered, whoever the address belongs to; what comes of it is
decided afterwards. So an answer tells nothing by its bytes or its time, and nothing asked for is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update

from digest.addresses import Address, accept
from digest.store import tables
from digest.store.attempts import Rule, take
from digest.store.database import Database, run
from digest.store.times import seconds, utc

_ASKED = tables.asked.c
CLAIM = timedelta(minutes=2)  # what a process that died had begun is looked at again after this


class Asked(NamedTuple):
    """One thing asked for: `kind` is subscribe, preferences or move (of the subscription `ref`).

    `zone` is the IANA zone chosen with it, "" for the newsletter's own.
    """

    kind: str
    address: Address
    newsletter: str
    origin: str
    at: datetime
    ref: bytes | None = None
    zone: str = ""
    id: int = 0


class AskedStore:
    """The rows that wait."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, asked: Asked, rules: Sequence[Rule]) -> Rule | None:
        """Keep what was asked for, and count it, unless a rule forbids it: gives that rule."""
        row = {
            "kind": asked.kind,
            "address": asked.address.mailed,
            "newsletter": asked.newsletter,
            "ref": asked.ref,
            "origin": asked.origin,
            "zone": asked.zone,
            "at": seconds(asked.at),
            "next_at": seconds(asked.at),
        }
        with self._database.write() as connection:
            broken = take(connection, rules, asked.at)
            if broken is None:
                connection.execute(insert(tables.asked).values(row))
            return broken

    def claim(self, now: datetime, limit: int = 50) -> list[Asked]:
        """The oldest that nobody looks at, ours until `done` or until this process is taken for dead."""
        waiting = select(tables.asked).where(_ASKED.next_at <= seconds(now)).order_by(_ASKED.id).limit(limit)
        with self._database.write() as connection:
            rows = connection.execute(waiting.with_for_update(skip_locked=True)).all()
            claimed = update(tables.asked).where(_ASKED.id.in_([row.id for row in rows]))
            connection.execute(claimed.values(next_at=seconds(now + CLAIM)))
        return [_asked(row) for row in rows]

    def done(self, asked: Asked) -> None:
        """Forget what has been looked at."""
        with self._database.write() as connection:
            run(connection, delete(tables.asked).where(_ASKED.id == asked.id))


def _asked(row: Any) -> Asked:
    address, at = accept(row.address), utc(row.at)
    return Asked(row.kind, address, row.newsletter, row.origin, at, row.ref, row.zone, row.id)
