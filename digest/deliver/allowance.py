"""The pace of the whole installation, as one run sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from digest.ports import Ledger

SLOTS = 4  # taken by the quarter second


class Allowance:
    """How many mails may go now. `rate` is in mails a second, over all processes; 0 is no limit."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float], rate: float) -> None:
        self._ledger = ledger
        self._clock = clock
        self.rate = rate
        self.used_up = bool(rate)  # none may go now
        self._left = 0
        self._spent = asyncio.Event()

    def spend(self) -> None:
        self._left -= 1
        if not self._left:
            self.used_up = True
            self._spent.set()

    async def keep(self, wake: Callable[[], None]) -> None:
        """Take a slot of the installation's pace when the last is used up, and wake who waits for it."""
        mails = max(1, int(self.rate / SLOTS))
        while self.rate:
            starts = await self._ledger.reserve(self._clock(), mails, self.rate)
            await asyncio.sleep(max(0.0, starts - self._clock()))
            self._left, self.used_up = mails, False
            self._spent.clear()
            wake()
            await self._spent.wait()
