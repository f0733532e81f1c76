"""Corrections on their way to those who have the edition, with how far each has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from digest.model import DeliveryState, Single, Subscription, Telling
from digest.store import tables
from digest.store.batches import of_edition
from digest.store.database import Database, changed, chunks, insert_or_ignore, inserted, run
from digest.store.outbox import outbox_row
from digest.store.subscriptions import SUBSCRIPTIONS, subscription_from
from digest.store.times import seconds

_TELLING = tables.telling.c
_DELIVERY = tables.delivery.c
_BATCH = tables.batch.c
_RENDERING = tables.rendering.c


class Tellings:
    """What readers are still to be told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, edition: int, revision: int, said: str, now: datetime) -> bool:
        """Have everyone told who has an earlier revision; False where that was asked for before."""
        row = {"edition": edition, "revision": revision, "said": said, "after": 0, "asked": seconds(now)}
        with self._database.write() as connection:
            return inserted(connection, tables.telling, row)

    def next(self) -> Telling | None:
        """The oldest that is not done."""
        query = select(tables.telling).where(_TELLING.done.is_(None)).order_by(_TELLING.id).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Telling(row.id, row.edition, row.revision, row.said, row.after) if row else None

    def readers(self, telling: Telling, limit: int) -> tuple[int, list[Subscription]]:
        """The delivery up to which this page goes (0: there is none), and who of its readers still read."""
        old = select(_RENDERING.id).where(
            _RENDERING.edition == telling.edition, _RENDERING.revision < telling.revision
        )
        # Looked up first, so that a page costs the same however far down it is.
        page = (
            of_edition(telling.edition, _DELIVERY.id, _DELIVERY.subscription)
            .where(_BATCH.hi > telling.after)
            .where(_DELIVERY.id > telling.after)
            .where(_DELIVERY.state == DeliveryState.ACCEPTED, _DELIVERY.rendering.in_(old))
            .order_by(_DELIVERY.id)
            .limit(limit)
            .subquery()
        )
        query = (
            SUBSCRIPTIONS.add_columns(page.c.id.label("delivery"))
            .join(page, page.c.subscription == tables.subscription.c.id)
            .order_by(page.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return rows[-1].delivery if rows else 0, [
            subscription_from(row) for row in rows if row.state == "active"
        ]

    def put(self, telling: Telling, mails: Sequence[Single], after: int, now: datetime) -> int:
        """Put their mails into the outbox, and remember how far it has come, in one transaction.

        How many were new; 0 where another process came first.
        """
        new = 0
        with self._database.write() as connection:
            mine = update(tables.telling).where(_TELLING.id == telling.id, _TELLING.after == telling.after)
            if not changed(run(connection, mine.values(after=after))):
                return 0
            for some in chunks([outbox_row(mail, now) for mail in mails], 50):
                made = insert_or_ignore(connection, tables.outbox).values(list(some))
                new += len(connection.scalars(made.returning(tables.outbox.c.id)).all())
        return new

    def finish(self, telling: Telling, now: datetime) -> None:
        """Everyone was written to."""
        with self._database.write() as connection:
            there = update(tables.telling).where(_TELLING.id == telling.id)
            connection.execute(there.values(done=func.coalesce(_TELLING.done, seconds(now))))
