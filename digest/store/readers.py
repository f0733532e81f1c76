"""Subscribers and their subscriptions: one standing order a person and newsletter, with its consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from digest.addresses import Address
from digest.model import Consent, Event, Newsletter, Order, Subscribed, Subscription, SubscriptionState
from digest.store import tables
from digest.store.crossed import redone
from digest.store.database import Database, changed, chunks, run
from digest.store.hooks import reader_happened
from digest.store.intake import Intake, subscriptions_of, take_in
from digest.store.journal import LEFT, Entry
from digest.store.moments import come_to
from digest.store.subscriptions import SUBSCRIPTIONS, by_ref, by_refs, choice_of, subscription_from
from digest.store.suppressions import suppressed, withdraw
from digest.store.times import seconds
from digest.store.together import Together
from digest.tokens import Tokens

_SUBSCRIPTION = tables.subscription.c
_ALIVE = ("pending", "active")
Leaving = tuple[bytes, datetime]  # a subscription's ref, and when it was left


class Readers:
    """All subscribers. Suppressed addresses are known by keyed hash, also after they were erased."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens
        self._together = Together(self.leave_all)

    def subscribe(
        self, address: Address, newsletter: Newsletter, order: Order, consent: Consent, *, confirmed: bool
    ) -> Subscribed:
        """Add a subscription, pending until confirmed; one that exists is left as it is.

        Someone who left comes back as pending, or as active where `confirmed` says that consent is proven.
        A suppressed address gets no subscription at all.
        """
        intake = Intake(newsletter, consent, "active" if confirmed else "pending", True, {})
        return self._take_in([(address, order)], intake)[0]

    def take_in(
        self,
        people: Sequence[tuple[Address, Order]],
        newsletter: Newsletter,
        consent: Consent,
        *,
        confirmed: bool,
        proofs: Mapping[str, Consent] = {},
    ) -> list[Subscribed]:
        """Subscribe many in one transaction: an import. Nobody who left is brought back by it.

        `proofs`, by address key, are kept instead of `consent`, whose time is now.
        """
        state = "active" if confirmed else "pending"
        return self._take_in(people, Intake(newsletter, consent, state, False, proofs))

    def take_out(
        self,
        people: Sequence[tuple[Address, Order]],
        newsletter: Newsletter,
        consent: Consent,
        proofs: Mapping[str, Consent],
    ) -> int:
        """Keep many as having left, so that no list brings them back; how many were not known as such.

        Who came by a list goes by a list; who asked here after they had left elsewhere stays.
        """
        done = self._take_in(people, Intake(newsletter, consent, "unsubscribed", False, proofs))
        left = (proofs.get(address.key, consent).left_at or consent.at for address, _ in people)
        gone = [
            one.subscription.ref
            for one, at in zip(done, left, strict=True)
            if not one.created and not one.suppressed and _goes(one.subscription, at)
        ]
        for some in chunks(gone):
            self.leave_all([(ref, consent.at) for ref in some])
        return len(gone) + sum(one.created for one in done)

    def _take_in(self, people: Sequence[tuple[Address, Order]], intake: Intake) -> list[Subscribed]:
        wanted: dict[str, tuple[Address, Order]] = {}
        for address, order in people:
            wanted.setdefault(address.key, (address, order))
        with self._database.write() as connection:
            off = suppressed(connection, self._tokens, list(wanted))
            welcome = {key: one for key, one in wanted.items() if key not in off}
            created = take_in(connection, welcome, intake)
            rows = subscriptions_of(connection, list(welcome), intake.newsletter)
            if intake.returning and intake.state == "active":  # one person's own word, and no import
                theirs = _SUBSCRIPTION.id.in_([rows[key].id for key in created])
                self._tell(connection, Event.SUBSCRIBER_CONFIRMED, theirs, intake.consent.at)
        done = []
        for address, order in people:
            if address.key in off:
                unsaved = _unsaved(address, intake.newsletter, order)
                done.append(Subscribed(unsaved, created=False, suppressed=True))
            else:
                known = subscription_from(rows[address.key])
                done.append(Subscribed(known, created=address.key in created))
                created.discard(address.key)  # the same address again in one import
        return done

    def confirm(self, ref: bytes, now: datetime) -> Subscription | None:
        """Activate a pending subscription; one that was left since stays left. None for an unknown ref."""
        with self._database.write() as connection:
            pending = and_(_SUBSCRIPTION.ref == ref, _SUBSCRIPTION.state == "pending")
            confirmed = update(tables.subscription).where(pending)
            if changed(run(connection, confirmed.values(state="active", confirmed_at=seconds(now)))):
                self._tell(connection, Event.SUBSCRIBER_CONFIRMED, _SUBSCRIPTION.ref == ref, now)
            return by_ref(connection, ref)

    def subscription(self, address: Address, newsletter: str) -> Subscription | None:
        """The address's subscription to one newsletter, by its slug."""
        return next((one for one in self.of(address) if one.newsletter == newsletter), None)

    def leave(self, ref: bytes, now: datetime) -> Subscription | None:
        """End a subscription and withdraw its unsent mail in one transaction; twice is harmless."""
        if self._database.is_sqlite:
            return self._together((ref, now))
        # PostgreSQL commits many at once by itself; larger transactions would wait for each other's rows.
        return self.leave_all([(ref, now)])[0]

    @redone
    def leave_all(self, leaving: Sequence[Leaving]) -> list[Subscription | None]:
        """Those who leave at one moment, a few hundred at most, all of them or none."""
        refs, now = [ref for ref, _ in leaving], max(at for _, at in leaving)
        left = and_(_SUBSCRIPTION.ref.in_(refs), _SUBSCRIPTION.state.in_(_ALIVE))
        ended = update(tables.subscription).where(left).values(state="unsubscribed", left_at=seconds(now))
        with self._database.write() as connection:
            gone = connection.execute(ended.returning(_SUBSCRIPTION.id, _SUBSCRIPTION.ref)).all()
            ids = [row.id for row in gone]
            withdraw(connection, ids, now)
            theirs = _SUBSCRIPTION.id.in_(ids)
            self._tell(connection, Event.SUBSCRIBER_LEFT, theirs, now, reason="unsubscribed")
            readers = by_refs(connection, refs)
            self._database.journal.append(*(Entry(now, LEFT, row.ref.hex()) for row in gone))
        return [readers.get(ref) for ref in refs]

    def by_ref(self, ref: bytes) -> Subscription | None:
        """The subscription a token names."""
        with self._database.read() as connection:
            return by_ref(connection, ref)

    def of(self, address: Address) -> list[Subscription]:
        """All subscriptions of an address, whatever their state."""
        with self._database.read() as connection:
            query = SUBSCRIPTIONS.where(tables.subscriber.c.address_key == address.key)
            return [subscription_from(row) for row in connection.execute(query)]

    def status(self, address: Address) -> str:
        """suppressed, else active if any subscription is, else pending, else unsubscribed; "" if unknown."""
        with self._database.read() as connection:
            if suppressed(connection, self._tokens, [address.key]):
                return "suppressed"
        states = {subscription.state for subscription in self.of(address)}
        return next((state for state in ("active", "pending", "unsubscribed") if state in states), "")

    def change(self, ref: bytes, newsletter: Newsletter, order: Order, now: datetime) -> Subscription | None:
        """Give a subscription another hour, zone, days or sections; what is planned already stays planned.

        A morning is not lost by it: see `moments.come_to`.
        """
        with self._database.write() as connection:
            mine = by_ref(connection, ref)
            if mine is None:
                return None
            values: dict[str, Any] = {"choice": choice_of(order.sections), "own_only": order.own_only}
            if order[:3] != (mine.zone, mine.at, mine.days):
                values["moment"] = come_to(connection, newsletter, order, mine.id, now)
            connection.execute(update(tables.subscription).where(_SUBSCRIPTION.ref == ref).values(values))
            return by_ref(connection, ref)

    def every(self, newsletter: str | None = None) -> Iterator[Subscription]:
        """Every subscription whose address is still known, page by page."""
        last = 0
        while True:
            query = SUBSCRIPTIONS.where(_SUBSCRIPTION.id > last, tables.subscriber.c.address.is_not(None))
            if newsletter:
                query = query.where(tables.newsletter.c.slug == newsletter)
            with self._database.read() as connection:
                rows = connection.execute(query.order_by(_SUBSCRIPTION.id).limit(1000)).all()
            if not rows:
                return
            yield from map(subscription_from, rows)
            last = rows[-1].id

    def counts(self, newsletter: str) -> dict[str, int]:
        """How many subscriptions a newsletter has in each state."""
        query = (
            select(_SUBSCRIPTION.state, func.count())
            .select_from(tables.subscription.join(tables.newsletter))
            .where(tables.newsletter.c.slug == newsletter)
            .group_by(_SUBSCRIPTION.state)
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def variants(self, newsletter: str) -> int:
        """How many different choices of sections its active readers have made; taking all is one."""
        query = (
            select(func.count(_SUBSCRIPTION.choice.distinct()))
            .select_from(tables.subscription.join(tables.newsletter))
            .where(tables.newsletter.c.slug == newsletter, _SUBSCRIPTION.state == "active")
        )
        with self._database.read() as connection:
            return connection.scalar(query) or 0

    def _tell(
        self,
        connection: Connection,
        event: Event,
        theirs: ColumnElement[bool],
        now: datetime,
        **more: str,
    ) -> None:
        reader_happened(connection, self._database.hooks, event, theirs, now, **more)


def _goes(one: Subscription, left: datetime) -> bool:
    """Whether a subscription ends because its reader left elsewhere, then."""
    since = one.confirmed_at or one.asked_at
    assert since is not None  # every row has its time
    return one.state in _ALIVE and (one.asked_from.startswith("import ") or since <= left)


def _unsaved(address: Address, newsletter: Newsletter, order: Order) -> Subscription:
    place = (newsletter.slug, SubscriptionState.SUPPRESSED, *order[:3])
    return Subscription(0, b"", address.mailed, *place, choice_of(order.sections))
