"""Who is due, and one delivery for each of them: planned in chunks, safe to begin again at any point."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, exists, func, insert, literal, or_, select, update

from digest.model import Coming, DeliveryState, Moment, Mornings, Newsletter, Plan
from digest.store import tables
from digest.store.database import Database, changed, chunks, insert_or_ignore, run
from digest.store.moments import (
    coming_home,
    coming_waves,
    due_query,
    minutes_of,
    moment_from,
    moment_id,
    of_newsletter,
)
from digest.store.times import seconds

CHUNK = 20_000  # deliveries a transaction: long enough to be quick, short enough to let others write
BATCH = 500  # deliveries a claim
_MOMENT = tables.moment.c
_SUBSCRIPTION = tables.subscription.c


class Planning:
    """The moments, and the deliveries planned from them.

    `enqueue` hears, in the transaction that plans them, how many batches there are to send.
    """

    def __init__(self, database: Database, enqueue: Callable[[Connection, int], None] | None = None) -> None:
        self._database = database
        self._enqueue = enqueue

    def own(self, newsletter: Newsletter, now: datetime) -> Moment:
        """The moment that is the newsletter's own zone and hour, made where it is missing."""
        zone, at, days = newsletter.zone, newsletter.send_at, newsletter.days
        own = of_newsletter(newsletter).where(
            _MOMENT.zone == zone, _MOMENT.at == minutes_of(at), _MOMENT.days == days
        )
        with self._database.read() as connection:
            row = connection.execute(own).first()
        if row is None:
            with self._database.write() as connection:
                moment_id(connection, newsletter, zone, at, days, now)
                row = connection.execute(own).one()
        return moment_from(row)

    def moments(self, newsletter: Newsletter) -> list[Moment]:
        """All moments at which a newsletter has, or had, readers."""
        with self._database.read() as connection:
            return [
                moment_from(row) for row in connection.execute(of_newsletter(newsletter).order_by(_MOMENT.id))
            ]

    def due(self, newsletter: Newsletter, now: datetime) -> list[Moment]:
        """The moments whose time has come, earliest first."""
        with self._database.read() as connection:
            return [moment_from(row) for row in connection.execute(due_query(newsletter, now))]

    def advance(self, to: Mapping[Moment, datetime]) -> list[Moment]:
        """Set moments' next due times, in one transaction; gives those that were set, as they are now.

        Left out are those that another scheduler has set already, and those to which a reader has come since
        they were read: these must be planned once more.
        """
        with self._database.write() as connection:
            done = [(moment, at) for moment, at in to.items() if _advance(connection, moment, at)]
        return [replace(moment, next_due=at) for moment, at in done]

    def plan(self, moments: Sequence[Moment], plan: Plan) -> int:
        """Plan a delivery for every active reader of these moments who has none; how many were planned.

        Readers confirmed after the due time are left out, as are those who had this edition or an issue for
        this date: the unique keys say so, whatever another scheduler does at the same time.
        """
        left, planned = deque((moment.id, 0) for moment in moments), 0
        while left:
            with self._database.plan() as connection:
                new = _plan_chunk(connection, left, plan)
                if new and self._enqueue:
                    self._enqueue(connection, -(-new // BATCH))
                planned += new
        return planned

    def readers(self, moments: Sequence[Moment], plan: Plan) -> int:
        """How many deliveries `plan` would plan now."""
        with self._database.read() as connection:
            counts = (_wanted(one.id, plan).with_only_columns(func.count()) for one in moments)
            return sum(connection.scalar(count.order_by(None)) or 0 for count in counts)

    def has_readers(self, moments: Sequence[Moment]) -> bool:
        """Whether anybody reads at one of these moments."""
        with self._database.read() as connection:
            return any(
                connection.scalar(select(exists(_reading_at([moment.id for moment in some]))))
                for some in chunks(moments)
            )

    def waves(self, newsletter: Newsletter, now: datetime, limit: int) -> list[Coming]:
        """The next moments that have readers, soonest first; with mornings = "home" one, for everyone.

        Readers are counted for these moments only, by the index that begins with the moment; left out are
        those who have an issue for that date already, as after a send by hand.
        """
        count = _reading(_MOMENT.id).with_only_columns(func.count()).scalar_subquery()
        query = (
            of_newsletter(newsletter).where(exists(_reading(_MOMENT.id))).add_columns(count.label("readers"))
        )
        with self._database.read() as connection:
            if newsletter.mornings is Mornings.HOME:
                coming = coming_home(newsletter, now, connection.execute(query).all())
            else:
                rows = connection.execute(query.order_by(_MOMENT.next_due).limit(limit)).all()
                coming = sorted(coming_waves(newsletter, now, rows))
            return [_without_served(connection, newsletter, wave, moments) for wave, moments in coming]


def _without_served(
    connection: Connection, newsletter: Newsletter, wave: Coming, moments: Sequence[int]
) -> Coming:
    """The wave without those who have an issue for its date; looked up where an issue for it is out."""
    batch, edition, delivery = tables.batch.c, tables.edition.c, tables.delivery.c
    out = exists().where(
        batch.edition == edition.id,
        batch.local_date == wave.day,
        edition.newsletter == tables.newsletter.c.id,
        edition.date >= wave.day - timedelta(days=1),  # a reader's date may be a day ahead of the edition's
        tables.newsletter.c.slug == newsletter.slug,
    )
    if not connection.scalar(select(out)):
        return wave
    has = exists().where(delivery.subscription == _SUBSCRIPTION.id, delivery.local_date == wave.day)
    counts = (_reading_at(some).where(has).with_only_columns(func.count()) for some in chunks(moments))
    return wave._replace(readers=wave.readers - sum(connection.scalar(count) or 0 for count in counts))


def _reading(moment: Any) -> Select[Any]:
    """The active subscriptions of a moment."""
    return select(_SUBSCRIPTION.id).where(_SUBSCRIPTION.moment == moment, _SUBSCRIPTION.state == "active")


def _reading_at(moments: Sequence[int]) -> Select[Any]:
    return select(_SUBSCRIPTION.id).where(_SUBSCRIPTION.moment.in_(moments), _SUBSCRIPTION.state == "active")


def _advance(connection: Connection, moment: Moment, to: datetime) -> bool:
    as_read = (_MOMENT.next_due == seconds(moment.next_due), _MOMENT.moves == moment.moves)
    there = update(tables.moment).where(_MOMENT.id == moment.id, *as_read)
    return changed(run(connection, there.values(next_due=seconds(to))))


def _wanted(moment: int, plan: Plan) -> Select[Any]:
    """The subscriptions a plan is for, in id order."""
    had = exists().where(tables.had.c.subscription == _SUBSCRIPTION.id, tables.had.c.edition == plan.edition)
    issued = exists().where(
        tables.delivery.c.subscription == _SUBSCRIPTION.id, tables.delivery.c.local_date == plan.local_date
    )
    return (
        _reading(moment)
        .where(
            _SUBSCRIPTION.confirmed_at <= seconds(plan.due),
            or_(_SUBSCRIPTION.paused_until.is_(None), _SUBSCRIPTION.paused_until <= plan.local_date),
            ~had,
            ~issued,
            ~exists().where(tables.tally.c.edition == plan.edition),  # who had it is not known any more
        )
        .order_by(_SUBSCRIPTION.id)
    )


def _plan_chunk(connection: Connection, left: deque[tuple[int, int]], plan: Plan) -> int:
    """Plan up to CHUNK deliveries of the moments in `left` (each with the last reader planned)."""
    _reader_by_reader(connection)
    before = connection.scalar(select(func.max(tables.delivery.c.id))) or 0
    room = CHUNK
    while left and room:
        moment, cursor = left.popleft()
        count = _insert(connection, moment, plan, cursor, room)
        if count == room:
            newest = select(tables.delivery.c.subscription).order_by(tables.delivery.c.id.desc()).limit(1)
            left.appendleft((moment, connection.execute(newest).scalar_one()))
        room -= count
    return _hand_over(connection, plan, before)


_JOINS = ("hashjoin", "mergejoin", "material", "seqscan")


def _reader_by_reader(connection: Connection) -> None:
    """Whether a reader had the edition is looked up in the index for each, whatever the statistics say.

    PostgreSQL would rather read all that anybody ever had, once for each chunk: quick in the first month.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(*(func.set_config(f"enable_{join}", "off", True) for join in _JOINS)))


def _insert(connection: Connection, moment: int, plan: Plan, cursor: int, room: int) -> int:
    """A delivery for each of up to `room` wanted readers after `cursor`, in their order; how many."""
    due = seconds(plan.due)
    values = {
        "local_date": plan.local_date,
        "edition": plan.edition,
        "rendering": plan.rendering,
        "state": DeliveryState.PLANNED.value,
        "due": due,
        "expires": seconds(plan.expires),
        "next_at": due,
        "attempts": 0,
        "doubts": 0,
    }
    chunk = _wanted(moment, plan).where(_SUBSCRIPTION.id > cursor).limit(room)
    columns = [literal(value, tables.delivery.c[name].type) for name, value in values.items()]
    new = insert_or_ignore(connection, tables.delivery).from_select(
        ["subscription", *values], chunk.add_columns(*columns)
    )
    return run(connection, new.execution_options(preserve_rowcount=True)).rowcount


def _hand_over(connection: Connection, plan: Plan, before: int) -> int:
    """What the deliveries after `before` make had, and the batches that hold them; how many they are."""
    new = tables.delivery.c.id > before
    had = select(tables.delivery.c.subscription, tables.delivery.c.edition)
    count, last = connection.execute(select(func.count(), func.max(tables.delivery.c.id)).where(new)).one()
    if count:
        connection.execute(
            insert_or_ignore(connection, tables.had).from_select(["subscription", "edition"], had.where(new))
        )
        _add_batches(connection, plan, before + 1, last)
    return int(count)


def _add_batches(connection: Connection, plan: Plan, first: int, last: int) -> None:
    rows = [{"lo": lo, "hi": min(lo + BATCH - 1, last)} for lo in range(first, last + 1, BATCH)]
    same = {"edition": plan.edition, "local_date": plan.local_date, "next_at": seconds(plan.due)}
    connection.execute(insert(tables.batch), [same | row for row in rows])
