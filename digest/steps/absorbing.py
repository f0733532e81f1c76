"""From a returned mail to what it asks: suppress, count, or nothing. Only our own token says whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digest import ports
from digest.addresses import accept
from digest.errors import UsageError
from digest.model import Returned, Subscription
from digest.record import understand
from digest.record.suppression import counts, reason
from digest.tokens import Purpose, Tokens

WORST = ("complaint", "hard", "soft", "none")


@dataclass(frozen=True, slots=True)
class Absorbed:
    """One returned mail, understood; `applied` where a valid token made it count."""

    recipients: tuple[Returned, ...]
    applied: bool

    @property
    def kind(self) -> str:
        """The worst that it says of anybody; "none" where it is no returned mail."""
        return min((one.kind for one in self.recipients), key=WORST.index, default="none")


@dataclass(frozen=True)
class Absorbing:
    """What is needed to take returned mail in."""

    readers: ports.Readers
    suppressions: ports.Suppressions
    strikes: ports.Strikes
    tokens: Tokens


def take_back(absorbing: Absorbing, raw: bytes, now: datetime) -> Absorbed:
    """Understand one returned mail and do what it asks, once however often it comes."""
    recipients = understand(raw)
    applied = [_apply(absorbing, one, now) for one in recipients if one.kind != "none"]
    return Absorbed(recipients, any(applied))


def _apply(absorbing: Absorbing, returned: Returned, now: datetime) -> bool:
    reader = _whose(absorbing, returned.token)
    if reader is None or not reader.address:
        return False
    strikes, success = absorbing.strikes.of(reader)
    why = reason(returned, strikes, success, now)
    if counts(returned):
        absorbing.strikes.add(reader, now)
    if why:
        _suppress(absorbing, reader, why, returned.reply, now)
    return True


def _whose(absorbing: Absorbing, token: str) -> Subscription | None:
    """The reader a token of ours names: in our envelope sender, or in the headers that came back."""
    for purpose in (Purpose.BOUNCE, Purpose.UNSUBSCRIBE):
        ref = absorbing.tokens.verify(purpose, token)
        if ref:
            return absorbing.readers.by_ref(ref)
    return None


def _suppress(absorbing: Absorbing, reader: Subscription, why: str, detail: str, now: datetime) -> None:
    try:
        address = accept(reader.address)
    except UsageError:
        return  # nobody who is on the list; kept only for what the store may hold of older rules
    absorbing.suppressions.add(address, why, detail[:1000], now)


def told(files: Sequence[tuple[str, Absorbed]]) -> list[dict[str, object]]:
    """The results as `digest bounce --json` gives them."""
    return [
        {
            "file": file,
            "kind": absorbed.kind,
            "recipients": [
                {"address": one.address, "kind": one.kind, "status": one.status, "reply": one.reply}
                for one in absorbed.recipients
            ],
            "applied": absorbed.applied,
        }
        for file, absorbed in files
    ]
