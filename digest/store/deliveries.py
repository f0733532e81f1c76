"""Who got it, who did not, and why: the ledger as it is asked, edition by edition."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select, update

from digest.model import Counts, DeliveryLine, DeliveryState, EditionState, Event, Letter, Subscription
from digest.store import tables
from digest.store.database import Database, chunks, run
from digest.store.hooks import edition_happened
from digest.store.times import moment, seconds

_DELIVERY = tables.delivery.c
_BATCH = tables.batch.c
_TALLY = tables.tally.c
_PUT_AWAY = select(_TALLY.state, _TALLY.deliveries)
PLANNING = timedelta(minutes=1)
_NOT_THEIR_FAULT = ("5.7", "4.7")  # enhanced status classes of policy refusals (RFC 3463)


class Deliveries:
    """The delivery rows, read; the sender's own writing is the ledger's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, edition: int) -> Counts:
        """One consistent count. `sending` are those a worker has marked and not settled."""
        with self._database.read() as connection:
            states = {
                DeliveryState(row[0]): int(row[1])
                for row in connection.execute(
                    _of_edition(edition, _DELIVERY.state, func.count()).group_by(_DELIVERY.state)
                )
            }
            for state, count in connection.execute(_PUT_AWAY.where(_TALLY.edition == edition)):
                states[DeliveryState(state)] = states.get(DeliveryState(state), 0) + int(count)
            flying = _sending(connection, edition)
            marked = {
                DeliveryState(row[0]): int(row[1])
                for row in connection.execute(
                    select(_DELIVERY.state, func.count())
                    .where(_DELIVERY.id.in_(flying))
                    .group_by(_DELIVERY.state)
                )
            }
        tryable = (DeliveryState.PLANNED, DeliveryState.DEFERRED, DeliveryState.IN_DOUBT)
        left = {state: states.get(state, 0) - marked.get(state, 0) for state in tryable}
        return Counts(
            planned=left[DeliveryState.PLANNED],
            deferred=left[DeliveryState.DEFERRED],
            sending=sum(marked.get(state, 0) for state in tryable),
            in_doubt=left[DeliveryState.IN_DOUBT],
            accepted=states.get(DeliveryState.ACCEPTED, 0),
            refused=states.get(DeliveryState.REFUSED, 0),
            withdrawn=states.get(DeliveryState.WITHDRAWN, 0),
            expired=states.get(DeliveryState.EXPIRED, 0),
        )

    def accepted_since(self, edition: int, since: datetime) -> int:
        """How many of an edition's mails were accepted after an instant: how quick a run is."""
        lately = _of_edition(edition, func.count()).where(
            _DELIVERY.state == DeliveryState.ACCEPTED, _DELIVERY.at > seconds(since)
        )
        with self._database.read() as connection:
            return connection.scalar(lately) or 0

    def letter(self, reader: Subscription, edition: int) -> Letter | None:
        """The letter that is planned, or was sent, to this reader with this edition."""
        query = select(tables.delivery).where(
            _DELIVERY.subscription == reader.id, _DELIVERY.edition == edition
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Letter(
            row.id,
            row.rendering,
            reader.address,
            reader.ref,
            reader.choice,
            row.due,
            row.attempts,
            row.expires,
            reader.own_only,
        )

    def issue(self, reader: Subscription, day: date) -> int | None:
        """The edition that is planned for a reader, or was sent to them, under their local date."""
        query = select(_DELIVERY.edition).where(
            _DELIVERY.subscription == reader.id, _DELIVERY.local_date == day
        )
        with self._database.read() as connection:
            return connection.scalar(query)

    def had(self, reader: Subscription, since: date) -> list[int]:
        """The editions planned for a reader under local dates from `since` on."""
        query = select(_DELIVERY.edition).where(
            _DELIVERY.subscription == reader.id, _DELIVERY.local_date >= since
        )
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def earlier(self, letters: Sequence[Letter], since: date) -> dict[int, list[int]]:
        """The editions planned for the readers of these letters before, under local dates from `since` on.

        Before, in the order of planning: so it is the same at every attempt, whatever is planned later. A
        mail that was refused or came too late counts too, as it does where all get one edition.
        """
        before = tables.delivery.alias("before")
        query = (
            select(_DELIVERY.id, before.c.edition)
            .join(before, before.c.subscription == _DELIVERY.subscription)
            .where(before.c.id < _DELIVERY.id, before.c.local_date >= since)
            .order_by(_DELIVERY.id, before.c.id)
        )
        found: dict[int, list[int]] = {}
        with self._database.read() as connection:
            for some in chunks([letter.delivery for letter in letters]):
                for delivery, edition in connection.execute(query.where(_DELIVERY.id.in_(some))):
                    found.setdefault(delivery, []).append(edition)
        return found

    def history(self, reader: Subscription, limit: int = 10) -> list[tuple[date, DeliveryLine]]:
        """The reader's newest deliveries with their local dates, newest first."""
        query = (
            select(tables.delivery, tables.subscriber.c.address)
            .select_from(tables.delivery.join(tables.subscription).join(tables.subscriber))
            .where(_DELIVERY.subscription == reader.id)
            .order_by(_DELIVERY.local_date.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [(row.local_date, line_from(row)) for row in connection.execute(query)]

    def lines(self, edition: int, *states: DeliveryState) -> Iterator[DeliveryLine]:
        """The deliveries of an edition in these states (none named: all), by address, page by page."""
        last = 0
        while True:
            query = _of_edition(
                edition,
                _DELIVERY,
                tables.subscriber.c.address,
                joined=_WITH_ADDRESS,
            ).where(_DELIVERY.id > last)
            if states:
                query = query.where(_DELIVERY.state.in_(states))
            with self._database.read() as connection:
                rows = connection.execute(query.order_by(_DELIVERY.id).limit(1000)).all()
            if not rows:
                return
            yield from map(line_from, rows)
            last = rows[-1].id

    def retry(self, edition: int, now: datetime) -> int:
        """Make deferred ones due now, and plan again those refused for no fault of the reader's."""
        stamp = seconds(now)
        with self._database.write() as connection:
            ids = _of_edition(edition, _DELIVERY.id).subquery()
            mine = _DELIVERY.id.in_(select(ids.c.id))
            waiting = _DELIVERY.state.in_([DeliveryState.DEFERRED, DeliveryState.IN_DOUBT])
            refused = and_(
                _DELIVERY.state == DeliveryState.REFUSED,
                or_(*(_DELIVERY.status.startswith(prefix) for prefix in _NOT_THEIR_FAULT)),
            )
            deliveries = update(tables.delivery)
            sooner = run(connection, deliveries.where(mine, waiting).values(next_at=stamp))
            again = {"state": DeliveryState.DEFERRED, "next_at": stamp}
            anew = run(connection, deliveries.where(mine, refused).values(again))
            batches = update(tables.batch).where(_BATCH.edition == edition, _BATCH.worker.is_(None))
            connection.execute(batches.values(next_at=stamp))
            return sooner.rowcount + anew.rowcount

    def next_due(self) -> datetime | None:
        """When the next delivery may be tried; None when nothing is left to try."""
        with self._database.read() as connection:
            stamp = connection.scalar(select(func.min(_BATCH.next_at)))
        return moment(stamp) if stamp is not None else None

    def finish(self, now: datetime) -> list[int]:
        """Mark as done each issued edition with nothing left to try; their ids.

        One without any delivery may be in the middle of its planning, for which it has a minute.
        """
        begun = or_(
            exists().where(_BATCH.edition == tables.edition.c.id),
            tables.edition.c.frozen_at <= seconds(now - PLANNING),
        )
        with self._database.write() as connection:
            busy = select(_BATCH.edition).where(or_(_BATCH.next_at.is_not(None), _BATCH.worker.is_not(None)))
            issued = tables.edition.c.state == EditionState.ISSUED
            over = and_(issued, tables.edition.c.id.not_in(busy), begun)
            done = update(tables.edition).where(over).values(state=EditionState.DONE)
            ids = sorted(connection.scalars(done.returning(tables.edition.c.id)))
            edition_happened(connection, self._database.hooks, Event.EDITION_SENT, ids, now)
            return ids


_WITH_ADDRESS = (
    tables.batch.join(tables.delivery, _DELIVERY.id.between(_BATCH.lo, _BATCH.hi))
    .join(tables.subscription, tables.subscription.c.id == _DELIVERY.subscription)
    .join(tables.subscriber, tables.subscriber.c.id == tables.subscription.c.subscriber)
)
_WITH_BATCH = tables.batch.join(tables.delivery, _DELIVERY.id.between(_BATCH.lo, _BATCH.hi))


def _of_edition(edition: int, *columns: Any, joined: Any = _WITH_BATCH) -> Select[Any]:
    """Deliveries by way of the edition's batches: ranges of ids, so that no index on `edition` is kept."""
    return select(*columns).select_from(joined).where(_BATCH.edition == edition)


def _sending(connection: Connection, edition: int) -> list[int]:
    """The deliveries of an edition that some worker has marked."""
    lists = connection.scalars(select(tables.worker.c.inflight))
    marked = [delivery for inflight in lists for delivery in json.loads(inflight)]
    if not marked:
        return []
    return list(connection.scalars(_of_edition(edition, _DELIVERY.id).where(_DELIVERY.id.in_(marked))))


def line_from(row: Any) -> DeliveryLine:
    return DeliveryLine(
        address=row.address or "(erased)",
        state=DeliveryState(row.state).name.lower().replace("_", " "),
        attempts=row.attempts,
        at=moment(row.at) if row.at else None,
        code=row.code,
        status=row.status,
        reply=row.reply,
        next_at=moment(row.next_at) if row.next_at else None,
    )
