"""Open this first: `send` hands letters that are due to the relays, run after run, until nothing is left."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from digest.deliver.connection import Composer
from digest.deliver.loop import old_objects_unvisited
from digest.deliver.options import Options, Relay
from digest.deliver.relays import RelayState
from digest.deliver.report import Book, Report
from digest.deliver.run import Run
from digest.ports import Ledger

LOOK_SECONDS = 5  # how often a sender that waits looks whether there is more to do


async def send(
    ledger: Ledger,
    relays: Sequence[Relay],
    composer: Composer,
    clock: Callable[[], float],
    options: Options,
    *,
    stop: asyncio.Event | None = None,
    progress: Callable[[Report], None] | None = None,
) -> Report:
    """Send what is due. Ends when nothing is left to try now (`options.wait`: at all), or when `stop` is set.

    `clock` gives UTC seconds; `progress` hears a few times a second how far it is. The ledger stays open; it
    holds nothing more when this returns. Raises StoreError when outcomes cannot be recorded, and Fenced when
    another worker took over: then no further mail has left, and nothing recorded is lost. Cancelled, it ends
    as when stopped, and is cancelled then.
    """
    stop = stop or asyncio.Event()
    states = [RelayState(relay, options.patience) for relay in relays]
    book = Book(progress or (lambda _report: None))
    while True:
        run = Run(ledger, states, composer, clock, options, stop, book)
        with old_objects_unvisited():
            report = await run.finish()
        if stop.is_set() or not options.wait or (report.next_due is None and not report.halted):
            return report
        wait = LOOK_SECONDS if report.next_due is None else min(LOOK_SECONDS, report.next_due - clock())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), max(wait, 0.05))
