"""Single mails beside the editions (confirm, welcome, incidents): each put in once, sent until accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from digest.model import Mail, Outcome, Single, Verdict
from digest.store import tables
from digest.store.database import Database, inserted
from digest.store.times import seconds, utc_or_none

_OUTBOX = tables.outbox.c
CLAIM = timedelta(minutes=15)  # a mail handed to a sender that died is tried again after this
GIVE_UP = timedelta(hours=24)


class Outbox:
    """Mails waiting to be sent, one at a time, with their own outcomes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, single: Single, now: datetime) -> bool:
        """Put a mail in; False if one with this key was put in before."""
        with self._database.write() as connection:
            return inserted(connection, tables.outbox, outbox_row(single, now))

    def claim(self, now: datetime, limit: int = 20) -> Sequence[Mail]:
        """The mails that are due, ours until recorded, or until this process is taken for dead."""
        with self._database.write() as connection:
            _expire(connection, now)
            rows = connection.execute(
                select(_OUTBOX.id, _OUTBOX.address, _OUTBOX.mail, _OUTBOX.attempts)
                .where(_OUTBOX.state == "planned", _OUTBOX.next_at <= seconds(now))
                .order_by(_OUTBOX.kind == "correction", _OUTBOX.next_at)  # thousands let others pass
                .limit(limit)
                .with_for_update(skip_locked=True)
            ).all()
            claimed = update(tables.outbox).where(_OUTBOX.id.in_([row.id for row in rows]))
            connection.execute(claimed.values(next_at=seconds(now + CLAIM)))
            return [Mail(*row) for row in rows]

    def record(self, outcome: Outcome, now: datetime) -> None:
        """Record what came of one attempt; `outcome.delivery` is the mail's id."""
        state = {Verdict.ACCEPTED: "accepted", Verdict.REFUSED: "refused"}.get(outcome.verdict, "planned")
        with self._database.write() as connection:
            there = update(tables.outbox).where(_OUTBOX.id == outcome.delivery)
            connection.execute(
                there.values(
                    state=state,
                    attempts=_OUTBOX.attempts + 1,
                    reply=outcome.reply,
                    next_at=outcome.next_at if state == "planned" else None,
                )
            )

    def next_at(self) -> datetime | None:
        """When the next mail may be tried; None when none is waiting."""
        query = select(_OUTBOX.next_at).where(_OUTBOX.state == "planned").order_by(_OUTBOX.next_at).limit(1)
        with self._database.read() as connection:
            stamp = connection.scalar(query)
        return utc_or_none(stamp)

    def due(self, now: datetime) -> int:
        """How many mails may be tried now."""
        there = (_OUTBOX.state == "planned", _OUTBOX.next_at <= seconds(now))
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).where(*there)) or 0

    def waiting(self) -> int:
        """How many mails have not left."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).where(_OUTBOX.state == "planned")) or 0


def _expire(connection: Connection, now: datetime) -> None:
    """Give up what was tried for long enough. After a day without a sender each mail is tried once yet."""
    late = (_OUTBOX.attempts > 0, _OUTBOX.created <= seconds(now - GIVE_UP))
    stale = update(tables.outbox).where(_OUTBOX.state == "planned", *late)
    connection.execute(stale.values(state="expired", next_at=None))


def outbox_row(single: Single, now: datetime) -> dict[str, Any]:
    """A mail as it is put in."""
    return {
        "dedupe_key": single.key,
        "kind": single.kind,
        "address": single.address,
        "mail": single.mail,
        "state": "planned",
        "created": seconds(now),
        "next_at": seconds(now),
        "attempts": 0,
        "reply": "",
    }
