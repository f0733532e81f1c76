"""One run over the letters that are due.

A connection hands over a mail's body only when the ledger has durably recorded the outcome of its last one
and marked this one as being sent. So a crash at any moment loses nobody, and leaves at most one reader in
doubt for each open connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from digest.deliver.connection import Composer
from digest.deliver.course import Course
from digest.deliver.dispatch import LOW_WATER, Dispatch
from digest.deliver.options import Options
from digest.deliver.relays import RelayState
from digest.deliver.report import Book, Report
from digest.errors import StoreError
from digest.ports import Ledger

TICK = 0.2  # seconds between looks at the clock: overdue answers, progress
DRY_SECONDS = 0.5  # between claims while nothing is due
HEARTBEAT = 5.0  # seconds without a settlement after which the worker signs in all the same


class Run:
    """Claims letters as they are needed, and watches over their dispatch."""

    def __init__(
        self,
        ledger: Ledger,
        relays: Sequence[RelayState],
        composer: Composer,
        clock: Callable[[], float],
        options: Options,
        stop: asyncio.Event,
        book: Book,
    ) -> None:
        self._ledger = ledger
        self._composer = composer
        self._clock = clock
        self._options = options
        self._stop = stop
        self._book = book
        self._loop = asyncio.get_running_loop()
        self._course = Course(ledger, clock, book)
        self._dispatch = Dispatch(ledger, relays, composer, clock, options, self._course, book)
        self._crew, self._group, self._queue = (
            self._dispatch.crew,
            self._dispatch.group,
            self._dispatch.queue,
        )
        self._dry_until = 0.0

    async def finish(self) -> Report:
        """Run to the end: nothing is due any more, a pause, a stop, or an error."""
        work = (self._group.work(), self._watch(), self._dispatch.allowance.keep(self._crew.wake))
        helpers = [asyncio.create_task(one) for one in work]
        for helper in helpers:
            helper.add_done_callback(self._dispatch.changed)
        try:
            await self._work()
        except asyncio.CancelledError:
            self._course.end()
            raise
        finally:
            await self._wind_up(helpers)
        if self._course.error:
            raise self._course.error
        halted = self._course.halted
        due = self._course.until if halted else await self._ledger.next_due(int(self._clock()))
        report = self._book.report(halted, due)
        self._book.show(report)
        return report

    async def _work(self) -> None:
        while not self._course.error:
            self._course.news.clear()
            await self._course.write_pauses()
            if self._course.halted or self._stop.is_set():
                return
            await self._replenish()
            self._crew.hire(len(self._queue))
            if self._queue:
                self._crew.wake()
            if await self._nothing_left():
                return
            await self._news()

    async def _news(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._course.news.wait(), TICK)

    async def _replenish(self) -> None:
        if self._queue.ready >= LOW_WATER or self._queue.full or self._loop.time() < self._dry_until:
            return
        letters = await self._ledger.claim(int(self._clock()))
        if letters:
            self._queue.add(await self._composer.prepare(letters))
        else:
            self._dry_until = self._loop.time() + DRY_SECONDS

    async def _nothing_left(self) -> bool:
        """Whether nothing is under way and nothing due, not even with another worker."""
        if self._queue or self._crew.busy or self._crew.opening or not self._group.empty:
            return False
        now = int(self._clock())
        self._dispatch.obey(await self._ledger.settle(now, (), ()))
        due = await self._ledger.next_due(now)
        return bool(self._course.halted) or due is None or due > now

    async def _watch(self) -> None:
        """What needs a look at the clock."""
        while True:
            await asyncio.sleep(TICK)
            self._crew.check()
            self._book.show()
            if self._stop.is_set():
                self._course.news.set()
            if self._loop.time() - self._dispatch.settled_at > HEARTBEAT:
                self._dispatch.settled_at = self._loop.time()
                self._group.add(None, (), None)

    async def _wind_up(self, helpers: Sequence[asyncio.Task[None]]) -> None:
        """Take no new letters, wait for the answers under way, record what came, part in peace."""
        self._course.end()
        deadline = self._loop.time() + self._options.stop_grace
        while self._awaits_answers and self._loop.time() < deadline:
            self._course.news.clear()
            await self._news()
        self._crew.abandon("the sender was stopped before the answer came")
        for helper in helpers:
            helper.cancel()
        await asyncio.wait(helpers)
        try:
            await self._group.salvage()
            await self._course.write_pauses()
            await self._ledger.release(int(self._clock()))
        except StoreError as error:
            self._course.fail(error)
        await self._crew.quit()

    @property
    def _awaits_answers(self) -> bool:
        """After an error no answer is recorded any more, but those that still come need not be in doubt."""
        return self._crew.busy > (self._group.held_up if self._course.error else 0)
