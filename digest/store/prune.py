"""Old deliveries are put away: their counts stay with the edition, the rows of their readers go.

Batch by batch, in short transactions, so that a run that goes on meanwhile waits for none of it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, literal, select

from digest.store import tables
from digest.store.database import Database, insert_into

BATCHES = 4  # a transaction: two thousand readers, some 20 ms
_BATCH = tables.batch.c
_DELIVERY = tables.delivery.c
_HAD = tables.had.c


def prune(database: Database, keep: timedelta, now: datetime) -> int:
    """Put away what nobody will try again of local dates older than `keep`; how many deliveries there were.

    Safe to run at any moment and by several processes. An edition of which something was put away is never
    planned again: what its readers had is not known any more.
    """
    pruned = 0
    while some := _prune(database, (now - keep).date()):
        pruned += some
    return pruned


def _prune(database: Database, before: date) -> int:
    over = and_(_BATCH.local_date < before, _BATCH.next_at.is_(None), _BATCH.worker.is_(None))
    oldest = select(tables.batch).where(over).order_by(_BATCH.id).limit(BATCHES)
    with database.write() as connection:
        batches = connection.execute(oldest.with_for_update(skip_locked=True)).all()
        return sum(_put_away(connection, batch) for batch in batches)


def _put_away(connection: Connection, batch: Row[tuple[int, int, int, int]]) -> int:
    theirs = _DELIVERY.id.between(batch.lo, batch.hi)
    _tally(connection, batch.edition, theirs)
    readers = select(_DELIVERY.subscription).where(theirs)
    connection.execute(
        delete(tables.had).where(_HAD.edition == batch.edition, _HAD.subscription.in_(readers))
    )
    gone = connection.execute(delete(tables.delivery).where(theirs)).rowcount
    connection.execute(delete(tables.batch).where(_BATCH.id == batch.id))
    return gone


def _tally(connection: Connection, edition: int, theirs: ColumnElement[bool]) -> None:
    made = insert_into(connection, tables.tally)
    counted = (
        select(literal(edition, tables.tally.c.edition.type), _DELIVERY.state, func.count())
        .where(theirs)
        .group_by(_DELIVERY.state)
    )
    put = made.from_select(["edition", "state", "deliveries"], counted)
    more = tables.tally.c.deliveries + put.excluded.deliveries
    connection.execute(
        put.on_conflict_do_update(index_elements=["edition", "state"], set_={"deliveries": more})
    )
