"""Group commit: one durable transaction for the outcomes and marks of many connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from digest.deliver.connection import Connection
from digest.model import Outcome
from digest.ports import Ledger, Settlement

PATIENCE = 0.01  # seconds the first may wait for others

# What one connection wants recorded: outcomes and a mark. None for outcomes that no connection waits for.
Entry = tuple[Connection | None, Sequence[Outcome], int | None]


class Group:
    """Collects until most of the busy connections wait, or one has waited long enough; then settles all.

    A commit costs more than a mail, so each is shared; the other connections keep the relay busy meanwhile.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], float],
        settled: Callable[[Sequence[Entry], Settlement], None],
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._quorum = 1  # how many wait before it is time
        self._settled = settled
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Entry] = []
        self._timer: asyncio.TimerHandle | None = None
        self._due = asyncio.Event()
        self._settling = False
        self._failed = 0  # connections whose entries could not be settled

    def of(self, busy: int) -> None:
        """So many connections are busy now."""
        self._quorum = max(1, (busy * 3) // 4)

    @property
    def empty(self) -> bool:
        return not self._waiting and not self._settling

    @property
    def held_up(self) -> int:
        """Connections that wait for the ledger."""
        return self._failed + len(self._waiting)

    def add(self, entry: Entry) -> None:
        self._waiting.append(entry)
        self._look()

    def _look(self) -> None:
        """Is it time? While one commit is under way, patience for the next has not begun: those whom it lets
        go on will soon be back, and a slow store is better asked seldom.
        """
        if len(self._waiting) >= self._quorum:
            self._due.set()
        elif self._waiting and self._timer is None and not self._settling:
            self._timer = self._loop.call_later(PATIENCE, self._due.set)

    async def work(self) -> None:
        """Settle until cancelled. Raises StoreError, Fenced: see `salvage`."""
        while True:
            await self._due.wait()
            self._due.clear()
            await self.flush()

    async def flush(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        entries = self._waiting
        if not entries:
            return
        outcomes = [outcome for _, theirs, _ in entries for outcome in theirs]
        marks = [mark for _, _, mark in entries if mark is not None]
        self._waiting = []
        self._settling = True
        try:
            settlement = await self._ledger.settle(int(self._clock()), outcomes, marks)
        except BaseException:
            # An answer that came is a fact: it is offered to the ledger once more when the run ends.
            self._waiting[:0] = [(None, outcomes, None)]
            self._failed += len(entries) - 1
            raise
        finally:
            self._settling = False
        self._settled(entries, settlement)
        self._look()

    async def salvage(self) -> None:
        """Record the outcomes that are left, and no mark: nobody goes on after this."""
        outcomes = [outcome for _, theirs, _ in self._waiting for outcome in theirs]
        self._waiting = []
        if outcomes:
            settlement = await self._ledger.settle(int(self._clock()), outcomes, [])
            self._settled([(None, outcomes, None)], settlement)
