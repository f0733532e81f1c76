"""A whole sender in one test: a store, a ledger, a clock that stands still, and relays on loopback."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from digest.deliver.options import Options, Relay, Waits
from digest.deliver.report import Report
from digest.deliver.sender import send
from digest.model import DeliveryState, Effect, Letter, Outcome
from digest.store.ledger import open_ledger
from digest.store.ledger.driver import Driver
from tests.morning import ISSUED, Store

DOMAINS = ("example.com", "example.org", "example.net", "one.example", "two.example")
WAITS = Waits(greeting=10, mail=10, rcpt=10, data=10, dot=10, quit=0.2)
OPTIONS = Options(patience=0.01, probe=1, stop_grace=5, waits=WAITS, local_hostname="sender.example.com")


class Plain:
    """Composes the shortest mail that can be told from others."""

    async def prepare(self, letters: Sequence[Letter]) -> Sequence[Letter]:
        return letters

    def sender(self, letter: Letter) -> str:
        return f"bounce-{letter.ref.decode()}@news.example.com"

    def body(self, letter: Letter) -> bytes:
        return b"Message-ID: <%b@news.example.com>\r\nTo: %b\r\n\r\nThe news.\r\n" % (
            letter.ref,
            letter.address.encode(),
        )


class Morning:
    """Readers are due, and `send` may be called any number of times."""

    def __init__(self, store: str) -> None:
        self.url = store
        self.now = float(ISSUED + 60)
        self.clock: Callable[[], float] = lambda: self.now
        self.suppressed: list[int] = []
        self.soft: list[int] = []
        self.store = Store(store)

    async def send(
        self,
        *relays: Relay,
        stop: asyncio.Event | None = None,
        composer: Any = None,
        progress: Callable[[Report], None] | None = None,
        **options: Any,
    ) -> Report:
        ledger = await open_ledger(self.url, int(self.clock()), on_outcome=self._outcome)
        try:
            return await send(
                ledger,
                relays,
                composer or Plain(),
                self.clock,
                dataclasses.replace(OPTIONS, **options),
                stop=stop,
                progress=progress,
            )
        finally:
            await ledger.close(int(self.clock()))

    async def send_all(self, *relays: Relay, **options: Any) -> list[Report]:
        """Run after run, the clock set on to when the next is due, until nothing is left to try."""
        reports: list[Report] = []
        while not reports or reports[-1].next_due is not None:
            reports.append(await self.send(*relays, **options))
            self.now = max(self.now, reports[-1].next_due or 0)
        return reports

    def count(self, state: DeliveryState) -> int:
        return sum(found == state for found in self.store.states().values())

    def address(self, delivery: int) -> str:
        return f"reader{delivery}@{DOMAINS[delivery % len(DOMAINS)]}"

    async def _outcome(self, _driver: Driver, outcome: Outcome, _now: int) -> None:
        if outcome.effect is Effect.SUPPRESS:
            self.suppressed.append(outcome.delivery)
        elif outcome.effect is Effect.SOFT:
            self.soft.append(outcome.delivery)

    async def close(self) -> None:
        self.store.close()
