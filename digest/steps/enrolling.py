"""Readers by the list: each person in it joins, waits to confirm, has left, or is never to be mailed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from digest.addresses import Address
from digest.model import Consent, Newsletter, Order, SubscriptionState
from digest.steps.joining import Joining, join_many, take_out

Suppress = Callable[[Sequence[Address], str, str, datetime], int]


class Member(NamedTuple):
    """What a line says. `state` is None where it says nothing of it."""

    address: Address
    order: Order
    state: SubscriptionState | None
    consent: Consent


class Enrolling(NamedTuple):
    """One list for one newsletter; `origin` is kept as where its people come from."""

    joining: Joining
    suppress: Suppress
    newsletter: Newsletter
    origin: str
    confirmed: bool = False  # consent is proven: nobody is asked to confirm
    left: bool = False  # all of these people have left


def enrol(enrolling: Enrolling, people: Sequence[Member], now: datetime) -> Counter[str]:
    """Take people in, in few transactions: how many were created, known, left and suppressed."""
    groups: dict[SubscriptionState, list[Member]] = defaultdict(list)
    for one in people:
        groups[_state(one, enrolling)].append(one)
    return sum((_take(enrolling, state, some, now) for state, some in groups.items()), Counter())


def _state(one: Member, enrolling: Enrolling) -> SubscriptionState:
    """What becomes of a person: what the line says, but for what is said of the whole list."""
    if enrolling.left and one.state is not SubscriptionState.SUPPRESSED:
        return SubscriptionState.UNSUBSCRIBED
    if one.state is None or one.state is SubscriptionState.ACTIVE:
        return SubscriptionState.ACTIVE if enrolling.confirmed else SubscriptionState.PENDING
    return one.state


def _take(
    enrolling: Enrolling, state: SubscriptionState, some: Sequence[Member], now: datetime
) -> Counter[str]:
    joining, _, newsletter, origin, *_ = enrolling
    people = [(one.address, one.order) for one in some]
    proofs = {one.address.key: one.consent for one in some}
    if state is SubscriptionState.SUPPRESSED:
        return Counter(suppressed=enrolling.suppress([one.address for one in some], "import", origin, now))
    if state is SubscriptionState.UNSUBSCRIBED:
        return Counter(left=take_out(joining, people, newsletter, proofs, now))
    proven = state is SubscriptionState.ACTIVE
    # Who is asked to confirm gives their consent here and now, whatever they said elsewhere.
    done = join_many(joining, people, newsletter, origin, proven, now, proofs if proven else {})
    return Counter("created" if one.created else "suppressed" if one.suppressed else "known" for one in done)
