"""What the ledger asks of a database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, Protocol

from digest.model import Outcome


class Stamped(NamedTuple):
    """What a stamp found."""

    alive: bool  # False: this worker was buried, and another has its deliveries
    stopped: Mapping[str, str]  # scope of a pause, or a stopped edition -> why
    gone: frozenset[int]  # marks whose reader left or was suppressed


class Driver(Protocol):
    """Raises StoreError, in words, where the database fails."""

    def transaction(self, *, single: bool = False) -> AbstractAsyncContextManager[None]:
        """All that is run within is durable at its end, or never was. One at a time.

        `single`: it will be a single statement, or one stamp, which a server commits by itself.
        """

    async def run(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """One statement in the ledger's notation, within a transaction."""

    async def stamp(
        self,
        now: int,
        me: int,
        inflight: str,
        accepted: Sequence[Outcome],
        editions: Collection[int],
        marks: Sequence[int],
        since: int | None,
    ) -> Stamped:
        """What every settlement begins with, in one go: the worker's row and fence, accepted mails (a fact,
        whoever holds them now), and whether anything speaks against the new marks.

        `since` is the moment (see there) of the oldest claim: while it lasts, nothing can.
        A reader who leaves at this moment either has left already, or waits until the mark is durable.
        """

    async def moment(self) -> int | None:
        """A number that changes when anybody else writes; None where none tells. Within a transaction."""

    async def enrol(self, now: int) -> int:
        """A row for this worker, held alive until `leave` or the end of the process."""

    async def dead(self) -> list[int]:
        """Workers, by id, that will never write again. Within a transaction, which buries them."""

    async def leave(self, workers: Sequence[int]) -> None:
        """Forget what `enrol` keeps outside the tables for these workers."""

    async def close(self) -> None:
        """End the connection."""


OnOutcome = Callable[[Driver, Outcome, int], Awaitable[None]]
