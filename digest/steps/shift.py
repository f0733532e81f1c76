"""One worker's shift: each job lets its sender claim one batch, over connections that stay open between."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from digest.errors import StoreError
from digest.logs import event
from digest.model import Letter, Outcome
from digest.ports import Ledger, Settlement

OpenLedger = Callable[[], AbstractAsyncContextManager[Ledger]]


class Shift:
    """The jobs at hand, and the sender that works while there are any."""

    def __init__(self, send: Callable[[OpenLedger], Awaitable[object]], open_ledger: OpenLedger) -> None:
        self._send = send
        self._open_ledger = open_ledger
        self._waiting: deque[asyncio.Event] = deque()  # jobs that have no batch yet
        self._sender: asyncio.Task[None] | None = None

    async def work(self) -> None:
        """Do one job: send a batch of what is due, if there is one. Raises nothing: the ledger has it all."""
        done = asyncio.Event()
        self._waiting.append(done)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._run())
        await done.wait()

    async def _run(self) -> None:
        while self._waiting:
            offered = list(self._waiting)
            try:
                await self._send(self._ledger)
            except StoreError as error:
                event("store.away", wrong=True, reason=str(error))
            except Exception as error:  # what it had in hand is sent again
                event("job.failed", fault=error, job="send")
            # Sent, or paused, or nothing is due: the scheduler asks again for what is left.
            self._end(offered)

    def _end(self, jobs: Iterable[asyncio.Event]) -> None:
        for job in jobs:
            job.set()
        self._waiting = deque(job for job in self._waiting if not job.is_set())

    @asynccontextmanager
    async def _ledger(self) -> AsyncIterator[Ledger]:
        async with self._open_ledger() as ledger:
            rationed = Rationed(ledger, self._waiting)
            try:
                yield rationed
            finally:
                rationed.end()


class Rationed:
    """A ledger that gives a batch for each waiting job, and ends the job with it. Implements ports.Ledger."""

    def __init__(self, ledger: Ledger, waiting: deque[asyncio.Event]) -> None:
        self._ledger = ledger
        self._waiting = waiting
        self._job: dict[int, asyncio.Event] = {}  # of each letter without an outcome
        self._left: dict[asyncio.Event, int] = {}  # such letters of each job

    async def claim(self, now: int) -> list[Letter]:
        """The next batch, while a job waits for one. Where none is due, the waiting jobs are done."""
        if not self._waiting:
            return []
        letters = await self._ledger.claim(now)
        if not letters:
            while self._waiting:
                self._waiting.popleft().set()
            return []
        job = self._waiting.popleft()
        self._job.update(dict.fromkeys((letter.delivery for letter in letters), job))
        self._left[job] = len(letters)
        return letters

    async def settle(self, now: int, outcomes: Sequence[Outcome], marks: Sequence[int]) -> Settlement:
        settlement = await self._ledger.settle(now, outcomes, marks)
        self._settled(outcome.delivery for outcome in outcomes)
        self._settled(settlement.denied)
        self._settled(settlement.released)
        return settlement

    def _settled(self, letters: Iterable[int]) -> None:
        for letter in letters:
            job = self._job.pop(letter, None)
            if job is not None:
                self._left[job] -= 1
                if not self._left[job]:
                    del self._left[job]
                    job.set()

    async def next_due(self, now: int) -> int | None:
        """Now, while a job waits: what is due without one is another worker's, or comes with the next job."""
        return now if self._waiting else None

    def end(self) -> None:
        """End the jobs whose batches were given back."""
        for job in self._left:
            job.set()

    async def pause(self, now: int, scope: str, reason: str, until: int | None = None) -> None:
        await self._ledger.pause(now, scope, reason, until)

    async def reserve(self, now: float, mails: int, rate: float) -> float:
        return await self._ledger.reserve(now, mails, rate)

    async def release(self, now: int) -> None:
        await self._ledger.release(now)
