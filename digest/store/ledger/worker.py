"""The ledger as one sending worker has it.

A delivery is *marked* (sending) by standing in its worker's own row, not by a state of its own: one row is
written for a group of mails, and a dead worker's marks are found in one place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from digest.errors import Fenced
from digest.model import Letter, Outcome, Verdict
from digest.ports import Settlement
from digest.store.crossed import redone_async
from digest.store.ledger import sql
from digest.store.ledger.claims import Claims, claim
from digest.store.ledger.driver import Driver, OnOutcome, Stamped
from digest.store.ledger.record import record
from digest.store.ledger.takeover import RESENDS, doubt, take_over

ACCEPTED = Verdict.ACCEPTED  # at hand: Python 3.11 runs a function for each look into an enum
BURIED = "another worker took over this one's deliveries; it stops"


async def open_ledger(
    url: str, now: int, *, resend: bool = True, on_outcome: OnOutcome | None = None
) -> SqlLedger:
    """A ledger on a store, enrolled as a worker: a libpq URL, or the path of a SQLite file.

    With `resend` a mail whose answer never came goes out again by itself; else a person decides. `on_outcome`
    is called within the transaction of each outcome of a mail that was not accepted. Raises StoreError.
    """
    driver: Driver
    if url.startswith(("postgresql:", "postgres:")):
        from digest.store.ledger.postgresql import PostgresqlDriver

        driver = await PostgresqlDriver.connect(url)
    else:
        from digest.store.ledger.sqlite import SqliteDriver

        driver = SqliteDriver(Path(url))
    ledger = SqlLedger(driver, resend=resend, on_outcome=on_outcome)
    try:
        return await ledger.open(now)
    except BaseException:
        await driver.close()  # with it goes its sign of life, and its row is the next worker's to bury
        raise


class SqlLedger:
    """The ledger of one worker, on either database. Implements ports.Ledger."""

    def __init__(self, driver: Driver, *, resend: bool = True, on_outcome: OnOutcome | None = None) -> None:
        self._driver = driver
        self._resend = resend
        self._on_outcome = on_outcome
        self._me = 0
        self._marked: set[int] = set()
        self._claims = Claims()

    async def open(self, now: int) -> SqlLedger:
        """Enrol this worker, and take over from those that died."""
        self._me = await self._driver.enrol(now)
        await self.take_over(now)
        return self

    @redone_async
    async def take_over(self, now: int) -> int:
        return await take_over(self._driver, now, resend=self._resend)

    # ------------------------------------------------------------ claiming

    async def claim(self, now: int) -> list[Letter]:
        letters = await self._claim(now)
        if not letters and await self.take_over(now):
            letters = await self._claim(now)
        return letters

    @redone_async
    async def _claim(self, now: int) -> list[Letter]:
        while True:
            async with self._driver.transaction():
                await self._fence(self._marked)
                claimed = await claim(self._driver, self._me, now)
            if claimed is None:
                return []
            if claimed.letters:
                self._claims.add(claimed)
                return claimed.letters

    # ------------------------------------------------------------ settling

    @redone_async
    async def settle(self, now: int, outcomes: Sequence[Outcome], marks: Sequence[int]) -> Settlement:
        accepted = [outcome for outcome in outcomes if outcome.verdict is ACCEPTED]
        answered = {outcome.delivery for outcome in outcomes}
        marked = (self._marked - answered).union(marks)
        # What an earlier settlement released is not ours any more, though its envelope may be out.
        lacking = self._claims.lack(marks)
        plain = not lacking and len(accepted) == len(outcomes) and not self._claims.done(answered)
        settlement = Settlement()
        async with self._driver.transaction(single=plain):
            claims = self._claims
            stamped = await self._driver.stamp(
                now, self._me, inflight(marked), accepted, claims.editions, marks, claims.since
            )
            if stamped.alive and not plain:
                for outcome in outcomes:
                    if outcome.verdict is not ACCEPTED:
                        await record(self._driver, now, outcome, self._most)
                        if self._on_outcome:
                            self._claims.doubt()
                            await self._on_outcome(self._driver, outcome, now)
                settlement = await self._conclude(stamped, answered, marked, marks)
        if not stamped.alive:
            raise Fenced(BURIED)
        if plain and (stamped.stopped or stamped.gone):
            # On a server the marks are durable already, and taken back now. Dying in between would only
            # put them in doubt.
            async with self._driver.transaction():
                settlement = await self._conclude(stamped, answered, marked, marks)
        self._marked = marked - settlement.denied
        self._claims.settle(answered | settlement.denied | (settlement.released - marked))
        return settlement

    async def _conclude(
        self, stamped: Stamped, answered: set[int], marked: set[int], marks: Sequence[int]
    ) -> Settlement:
        """Take back what must not go, and give back the batches that are done."""
        halted = stamped.stopped.get("all", "")
        released = self._claims.of_stopped(stamped.stopped)
        if stamped.gone:  # others may have left as well: no need to try them
            rows = await self._driver.run(sql.LEFT, ids=list(self._claims.letters))
            released |= {row[0] for row in rows} | stamped.gone
        denied = set(marks) if halted else released.intersection(marks) | self._claims.lack(marks)
        if denied:
            await self._fence(marked - denied)
        done = self._claims.done(answered | denied | (released - marked))
        if done:
            await self._driver.run(sql.RELEASE, batches=done, me=self._me)
        return Settlement(frozenset(denied), halted, frozenset(released))

    async def _fence(self, marked: Collection[int]) -> None:
        """Write this worker's row: its marks, its sign of life, and its fence."""
        if not await self._driver.run(sql.FENCE, me=self._me, inflight=inflight(marked)):
            raise Fenced(BURIED)

    @property
    def _most(self) -> int:
        return RESENDS if self._resend else 0

    # ------------------------------------------------------------ the end

    @redone_async
    async def release(self, now: int) -> None:
        """Give back what was claimed and not settled; marks without an outcome become in doubt."""
        async with self._driver.transaction():
            await self._fence(())
            await doubt(self._driver, now, sorted(self._marked), self._most, "no answer was recorded")
            await self._driver.run(sql.RELEASE, batches=self._claims.batches, me=self._me)
        self._marked = set()
        self._claims = Claims()

    async def close(self, now: int) -> None:
        """Release everything and resign."""
        try:
            await self.release(now)
            async with self._driver.transaction(single=True):
                await self._driver.run("DELETE FROM worker WHERE id = :me", me=self._me)
        except Fenced:
            pass  # already buried: nothing of ours is left to give back
        finally:
            await self._driver.leave([self._me])
            await self._driver.close()

    # ------------------------------------------------------------ the rest

    async def pause(self, now: int, scope: str, reason: str, until: int | None = None) -> None:
        self._claims.doubt()
        async with self._driver.transaction(single=True):
            await self._driver.run(sql.PAUSE, scope=scope, reason=reason, now=now, until=until)

    async def next_due(self, now: int) -> int | None:
        async with self._driver.transaction(single=True):
            rows = await self._driver.run(sql.NEXT_DUE, now=now)
        return rows[0][0] if rows else None

    async def reserve(self, now: float, mails: int, rate: float) -> float:
        """Take the right to send so many mails; the time (UTC seconds) from which they may go.

        `rate` is the limit of the whole installation, in mails a second, all processes together.
        """
        cost = round(1000 * mails / rate)
        async with self._driver.transaction(single=True):
            rows = await self._driver.run(sql.RESERVE, now=round(1000 * now), cost=cost)
        return int(rows[0][0]) / 1000


def inflight(marked: Collection[int]) -> str:
    """Marks as a worker's row has them. A list of numbers looks the same in Python and in JSON, whose library
    would take longer than SQLite.
    """
    return repr(sorted(marked))
