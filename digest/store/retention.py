"""What is kept how long, and forgotten by itself. The periods are told to readers in docs/pages.md."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, update

from digest.store import tables
from digest.store.database import Database, run
from digest.store.times import seconds

UNCONFIRMED = timedelta(days=7)  # no reminder, no trace
MOVE = timedelta(days=7)
ATTEMPT = timedelta(days=1)  # the longest window of any limit
HOOK = timedelta(days=7)  # events that no server took
REPEAT = timedelta(days=1)  # answers to requests that may be sent again
SINGLE_MAIL = timedelta(days=30)  # time enough to answer "did you write to me?"
LEFT = timedelta(days=730)  # proof of consent for those who were mailed; then the address goes

_SUBSCRIPTION = tables.subscription.c
_SUBSCRIBER = tables.subscriber.c


class Forgotten(NamedTuple):
    """How many were forgotten."""

    unconfirmed: int
    left: int


def retention(database: Database, now: datetime) -> Forgotten:
    """Forget what is past its time. Safe to run at any moment, by several processes."""
    with database.write() as connection:
        _forget_marks(connection, now)
        unconfirmed = _forget_unconfirmed(connection, now)
        return Forgotten(unconfirmed, _forget_left(connection, now))


def _forget_marks(connection: Connection, now: datetime) -> None:
    outbox = tables.outbox.c
    sent = and_(outbox.created <= seconds(now - SINGLE_MAIL), outbox.state != "planned")
    connection.execute(delete(tables.attempt).where(tables.attempt.c.at <= seconds(now - ATTEMPT)))
    connection.execute(delete(tables.move).where(tables.move.c.asked_at <= seconds(now - MOVE)))
    connection.execute(delete(tables.outbox).where(sent))
    connection.execute(delete(tables.hook).where(tables.hook.c.at <= seconds(now - HOOK)))
    connection.execute(delete(tables.idempotency).where(tables.idempotency.c.at <= seconds(now - REPEAT)))


def _forget_unconfirmed(connection: Connection, now: datetime) -> int:
    """Whoever had mail before, left, and asked again has rows in the ledger: they are as they were, gone."""
    late = and_(_SUBSCRIPTION.state == "pending", _SUBSCRIPTION.asked_at <= seconds(now - UNCONFIRMED))
    mailed = or_(
        exists().where(tables.delivery.c.subscription == _SUBSCRIPTION.id),
        exists().where(tables.had.c.subscription == _SUBSCRIPTION.id),
    )
    back = update(tables.subscription).where(late, mailed)
    ended = run(connection, back.values(state="unsubscribed", left_at=_SUBSCRIPTION.asked_at))
    gone = run(connection, delete(tables.subscription).where(late))
    connection.execute(delete(tables.subscriber).where(~_has(_SUBSCRIPTION.id.is_not(None)), ~_struck()))
    return ended.rowcount + gone.rowcount


def _forget_left(connection: Connection, now: datetime) -> int:
    """The address goes, the counts of the ledger stay: as when a person asks to be erased."""
    since = seconds(now - LEFT)
    stays = _has(or_(_SUBSCRIPTION.state != "unsubscribed", func.coalesce(_SUBSCRIPTION.left_at, 0) > since))
    gone = update(tables.subscriber).where(_SUBSCRIBER.address_key.is_not(None), ~stays)
    forgotten = run(connection, gone.values(address=None, address_key=None))
    nameless = select(_SUBSCRIBER.id).where(_SUBSCRIBER.address_key.is_(None))
    traces = update(tables.subscription).where(
        _SUBSCRIPTION.subscriber.in_(nameless), _SUBSCRIPTION.asked_from != ""
    )
    connection.execute(traces.values(asked_from=""))
    return forgotten.rowcount


def _has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a subscriber has a subscription of this kind."""
    return exists().where(_SUBSCRIPTION.subscriber == _SUBSCRIBER.id, condition)


def _struck() -> ColumnElement[bool]:
    """Whether the ledger still counts failures against a subscriber."""
    return exists().where(tables.strike.c.subscriber == _SUBSCRIBER.id)
