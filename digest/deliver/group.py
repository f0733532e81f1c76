"""Group commit: one durable transaction for the outcomes and marks of many connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from digest.deliver.connection import Connection
from digest.model import Outcome
from digest.ports import Ledger, Settlement

PATIENCE = 0.01  # seconds the first may wait for others
DOZE = 0.75  # part of the time that the last group took to gather
LONGEST_DOZE = 0.002  # seconds

Waiting = tuple[Connection | None, int | None]  # who waits for the ledger, and for which mark


class Group:
    """Collects until most of the busy connections wait, or one has waited long enough; then settles all.

    A commit costs more than a mail, so each is shared; the other connections keep the relay busy meanwhile.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], float],
        settled: Callable[[Sequence[Waiting], Sequence[Outcome], Settlement], None],
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._quorum = 1  # how many wait before it is time
        self._dozes = False
        self._settled = settled
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Waiting] = []
        self._outcomes: list[Outcome] = []
        self._timer: asyncio.TimerHandle | None = None
        self._due = asyncio.Event()
        self._settling = False
        self._failed = 0  # connections for which it could not be asked

    def of(self, busy: int, stepwise: bool) -> None:
        """So many connections are busy now; `stepwise`: a mail of some is more than one answer."""
        self._quorum = max(1, (busy * 4) // 5)
        self._dozes = not stepwise

    @property
    def empty(self) -> bool:
        return not (self._waiting or self._outcomes or self._settling)

    @property
    def held_up(self) -> int:
        """Connections that wait for the ledger."""
        return self._failed + len(self._waiting)

    def add(self, connection: Connection | None, outcomes: Sequence[Outcome], mark: int | None) -> None:
        """What a connection wants recorded; without one, outcomes that none waits for."""
        self._outcomes += outcomes
        self._waiting.append((connection, mark))
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
        began = 0.0
        while True:
            await self._due.wait()
            self._due.clear()
            gathered = time.monotonic() - began
            await self.flush()
            began = time.monotonic()
            if self._dozes and gathered < PATIENCE and not self._due.is_set():
                _doze(gathered)

    async def flush(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        waiting, outcomes = self._waiting, self._outcomes
        if not waiting:
            return
        marks = [mark for _, mark in waiting if mark is not None]
        self._waiting, self._outcomes = [], []
        self._settling = True
        try:
            settlement = await self._ledger.settle(int(self._clock()), outcomes, marks)
        except BaseException:
            # An answer that came is a fact: it is offered to the ledger once more when the run ends.
            self._outcomes[:0] = outcomes
            self._failed += len(waiting)
            raise
        finally:
            self._settling = False
        self._settled(waiting, outcomes, settlement)
        self._look()

    async def salvage(self) -> None:
        """Record the outcomes that are left, and no mark: nobody goes on after this."""
        outcomes, self._outcomes, self._waiting = self._outcomes, [], []
        if outcomes:
            settlement = await self._ledger.settle(int(self._clock()), outcomes, [])
            self._settled([], outcomes, settlement)


def _doze(gathered: float) -> None:
    """Sleep, the whole event loop, through the first part of the seconds in which the next group gathers.

    Nothing can be done before most have answered, and to be woken by each answer cost a tenth of all CPU.
    Where groups gather slowly it is not worth the while, and pages may want the loop.
    """
    time.sleep(min(DOZE * gathered, LONGEST_DOZE))
