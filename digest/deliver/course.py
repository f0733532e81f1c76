"""Whether a run goes on, and if not, why: what all its parts ask and tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from digest.deliver.report import Book
from digest.ports import Ledger


class Course:
    """Goes on until it is ended, halted, or something failed. A pause is also for every other worker."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float], book: Book) -> None:
        self.news = asyncio.Event()  # the run had better look what is to be done
        self.goes_on = True
        self.ending = False
        self.halted = ""  # the reason of a pause
        self.until: int | None = None  # when the pause ends by itself, UTC seconds
        self.error: BaseException | None = None
        self._ledger = ledger
        self._clock = clock
        self._book = book
        self._pauses: list[tuple[str, str, int | None]] = []  # to be written to the ledger

    def end(self) -> None:
        """Take no new letters."""
        self.ending, self.goes_on = True, False

    def fail(self, error: BaseException) -> None:
        """The first error ends the run, and is what it raises."""
        self.error = self.error or error
        self.goes_on = False
        self.news.set()

    def halt(self, reason: str, until: int | None = None) -> None:
        """Pause the run, for every worker: until then, or until a person helps."""
        if not self.halted:
            self.until = until
            self._pauses.append(("all", reason, until))
            self.obey(reason)

    def obey(self, reason: str) -> None:
        """The ledger says that all must stop."""
        if reason and not self.halted:
            self.halted, self.goes_on = reason, False
            self._book.fault = reason  # whoever sends tells it: one pause is many runs
            self.news.set()

    def rest_domain(self, name: str, reason: str, until: int) -> None:
        """Leave a domain alone until then, for every worker."""
        self._pauses.append((f"domain:{name}", reason, until))
        self._book.tell("domain.paused", reason, domain=name, reason=reason)
        self.news.set()

    async def write_pauses(self) -> None:
        while self._pauses:
            scope, reason, until = self._pauses.pop(0)
            await self._ledger.pause(int(self._clock()), scope, reason, until)
