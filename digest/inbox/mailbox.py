"""The newest mails the catcher took in, kept in memory and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

NEWEST = 1_000
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """One mail as it came over the wire, dots unstuffed. `id` counts from 1 in order of arrival."""

    id: int
    at: datetime
    mail_from: str  # the envelope's; "" for a returned mail
    rcpt: tuple[str, ...]
    raw: bytes


class Mailbox:
    """Holds the newest mails, at most `newest` of them and `max_bytes` together.

    The newest mail always stays, however large; `count` counts all that ever came. For one event loop.
    """

    def __init__(self, newest: int = NEWEST, max_bytes: int = MAX_BYTES) -> None:
        self.count = 0
        self._newest = newest
        self._max_bytes = max_bytes
        self._mails: dict[int, Received] = {}
        self._bytes = 0
        self._arrived = asyncio.Event()

    def add(self, at: datetime, mail_from: str, rcpt: tuple[str, ...], raw: bytes) -> Received:
        self.count += 1
        received = Received(self.count, at, mail_from, rcpt, raw)
        self._mails[received.id] = received
        self._bytes += len(raw)
        self._forget_oldest()
        self._arrived.set()
        self._arrived = asyncio.Event()
        return received

    def get(self, mail: int) -> Received | None:
        """The mail with this id; None where it never came, or is forgotten."""
        return self._mails.get(mail)

    async def wait(self, count: int) -> None:
        """Returns once `count` mails have come since the start. The caller sets the time limit."""
        while self.count < count:
            await self._arrived.wait()

    def __iter__(self) -> Iterator[Received]:
        """Newest first."""
        return reversed(self._mails.values())

    def __len__(self) -> int:
        return len(self._mails)

    def _forget_oldest(self) -> None:
        while len(self._mails) > self._newest or (self._bytes > self._max_bytes and len(self._mails) > 1):
            oldest = next(iter(self._mails))
            self._bytes -= len(self._mails.pop(oldest).raw)
