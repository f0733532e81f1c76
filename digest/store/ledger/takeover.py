"""What becomes of a worker's marks and claims when it cannot settle them itself any more."""

from __future__ import annotations

import json
from collections.abc import Sequence

from digest.store.ledger import sql
from digest.store.ledger.driver import Driver

RESENDS = 1  # how often a mail whose answer never came goes out again by itself
RESENDS_AFTER_CRASH = 3  # of our own: no sign that the reader got it, but a mail that kills us must end too


async def take_over(driver: Driver, now: int, *, resend: bool) -> int:
    """Put what dead workers had marked in doubt, and free what they had claimed. How many there were."""
    async with driver.transaction():
        dead = await driver.dead()
        for worker in dead:
            await _bury(driver, now, worker, RESENDS_AFTER_CRASH if resend else 0)
    await driver.leave(dead)
    return len(dead)


async def _bury(driver: Driver, now: int, worker: int, most: int) -> None:
    rows = await driver.run("SELECT inflight FROM worker WHERE id = :worker", worker=worker)
    marked = [int(letter) for row in rows for letter in json.loads(row[0])]
    await doubt(driver, now, marked, most, "its sender died before the answer was recorded")
    batches = await driver.run("SELECT id FROM batch WHERE worker = :worker", worker=worker)
    await driver.run(sql.RELEASE, batches=[row[0] for row in batches], me=worker)
    await driver.run("DELETE FROM worker WHERE id = :worker", worker=worker)


async def doubt(driver: Driver, now: int, marked: Sequence[int], most: int, why: str) -> None:
    """Put marks in doubt; those that were so more often than `most` wait for a person."""
    await driver.run(sql.BURY, now=now, ids=list(marked), most=most, reply=why)
