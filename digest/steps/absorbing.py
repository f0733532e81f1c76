"""From a returned mail to what it asks: suppress, count, or nothing. Only our own token says whose it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from digest import ports
from digest.addresses import Address, accept
from digest.errors import UsageError
from digest.model import Newsletter, ProviderNotice, Returned, Subscription
from digest.ports import Taken
from digest.record import understand
from digest.record.bounces.token import addressed
from digest.record.bounces.understanding import AT_ONCE
from digest.record.suppression import counts, reason
from digest.steps.guarding import Guarding, guard
from digest.steps.joining import Joining, farewell
from digest.tokens import Purpose, Tokens

WORST = ("complaint", "hard", "soft", "none")


@dataclass(frozen=True, slots=True)
class Absorbed:
    """One returned mail, understood; `applied` where a valid token made it count."""

    recipients: tuple[Returned, ...]
    applied: bool
    left: bool = False  # it was no returned mail: a reader wrote to the unsubscribe address

    @property
    def kind(self) -> str:
        """The worst that it says of anybody; "none" where it is no returned mail."""
        if self.left:
            return "unsubscribe"
        worst = _worst(self.recipients)
        return worst.kind if worst else "none"


@dataclass(frozen=True)
class Absorbing:
    """What is needed to take returned mail in."""

    readers: ports.Readers
    strikes: ports.Strikes
    returns: ports.Returns
    guarding: Guarding
    joining: Joining
    newsletters: Sequence[Newsletter]

    @property
    def tokens(self) -> Tokens:
        return self.joining.tokens


class Judged(NamedTuple):
    """A reader of ours, what was said of them, and what is to be recorded."""

    reader: Subscription
    returned: Returned
    taken: Taken


def take_back(
    absorbing: Absorbing, mails: Iterable[tuple[str, bytes]], now: datetime
) -> list[tuple[str, Absorbed]]:
    """Understand returned mails, each under its name, and do what they ask: once, however often one comes."""
    results: list[tuple[str, Absorbed]] = []
    coming = iter(mails)
    while some := list(islice(coming, AT_ONCE)):
        told = [(name, *_understood(absorbing, raw, now)) for name, raw in some]
        _do(absorbing, [judged for _, _, judged in told if judged], now)
        results += [(name, absorbed) for name, absorbed, _ in told]
    return results


def heed(absorbing: Absorbing, notices: Iterable[ProviderNotice], now: datetime) -> int:
    """Do what a provider says whose word was checked: its notices name readers by address. How many did."""
    known = ((one, _known(absorbing, one.returned.address)) for one in notices)
    found = [_judged(absorbing, one.key, one.returned, reader, now) for one, reader in known]
    ours = [judged for judged in found if judged]
    _do(absorbing, ours, now)
    return len(ours)


def _understood(absorbing: Absorbing, raw: bytes, now: datetime) -> tuple[Absorbed, Judged | None]:
    ref = _asked_to_leave(absorbing, raw)
    if ref:
        return Absorbed((), _left(absorbing, ref, now), left=True), None
    recipients = understand(raw)
    said = _worst(recipients)
    if said is None:
        return Absorbed(recipients, applied=False), None
    key = hashlib.sha256(raw).hexdigest()
    judged = _judged(absorbing, key, said, _whose(absorbing, said.token), now)
    return Absorbed(recipients, judged is not None), judged


def _judged(
    absorbing: Absorbing, key: str, returned: Returned, reader: Subscription | None, now: datetime
) -> Judged | None:
    """None where nobody of ours is meant, or nothing bad is said."""
    address = _mailed(reader)
    if returned.kind == "none" or reader is None or address is None:
        return None
    why = str(_why(absorbing, returned, reader, now) or "")
    return Judged(reader, returned, Taken(key, returned.kind, address, why, returned.reply[:1000]))


def _do(absorbing: Absorbing, judged: Sequence[Judged], now: datetime) -> None:
    if not judged:
        return
    first = absorbing.returns.add([one.taken for one in judged], now)
    new = [one for one in judged if one.taken.key in first]
    for one in new:
        if counts(one.returned):
            meant = f"{one.returned.meaning} {one.returned.status}".strip()
            absorbing.strikes.add(one.reader, now, meant)
    if any(one.returned.kind == "complaint" for one in new):
        guard(absorbing.guarding, now)


def _worst(recipients: Sequence[Returned]) -> Returned | None:
    """What counts: a mail of ours has one reader, and its token names them, whoever else is named."""
    return min(recipients, key=lambda one: WORST.index(one.kind), default=None)


def _why(absorbing: Absorbing, returned: Returned, reader: Subscription, now: datetime) -> str | None:
    if not counts(returned):
        return reason(returned, (), None, now)
    strikes, success = absorbing.strikes.of(reader)
    return reason(returned, strikes, success, now)


def _mailed(reader: Subscription | None) -> Address | None:
    """The reader's address; None where it was erased, or is one that older rules took."""
    try:
        return accept(reader.address) if reader and reader.address else None
    except UsageError:
        return None


def _asked_to_leave(absorbing: Absorbing, raw: bytes) -> bytes | None:
    """The subscription that the mail's own address says is to end (RFC 2369's mailto)."""
    refs = (absorbing.tokens.verify(Purpose.UNSUBSCRIBE, token) for token in addressed(raw))
    return next(filter(None, refs), None)


def _left(absorbing: Absorbing, ref: bytes, now: datetime) -> bool:
    """End a subscription; told by mail where this did it, not where it had ended before."""
    left = absorbing.readers.leave(ref, now)
    of = {newsletter.slug: newsletter for newsletter in absorbing.newsletters}
    if left and left.address and left.newsletter in of and left.left_at == now.replace(microsecond=0):
        farewell(absorbing.joining, of[left.newsletter], left, now)
    return left is not None


def _whose(absorbing: Absorbing, token: str) -> Subscription | None:
    """The reader a token of ours names: in our envelope sender, or in the headers that came back."""
    for purpose in (Purpose.BOUNCE, Purpose.UNSUBSCRIBE):
        ref = absorbing.tokens.verify(purpose, token)
        if ref:
            return absorbing.readers.by_ref(ref)
    return None


def _known(absorbing: Absorbing, address: str) -> Subscription | None:
    """A subscription of this address, an active one first."""
    try:
        theirs = absorbing.readers.of(accept(address))
    except UsageError:
        return None
    return min(theirs, key=lambda one: one.state != "active", default=None)
