"""The delivery ledger: who got it, who did not, why. One transaction records outcomes and marks together.

This is the hot path, so it speaks to the raw drivers (`ledger_sqlite.py`, `ledger_postgresql.py`), in SQL
that is written once (`ledger_sql.py`).

A delivery is *marked* (sending) by standing in its worker's own row, not by a state of its own: one row is
written for a group of mails, and a dead worker's marks are found in one place.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

from digest.errors import Fenced
from digest.model import DeliveryState, Effect, Letter, Outcome, Rendering, Verdict
from digest.ports import Settlement
from digest.store import ledger_sql as sql

RESENDS = 1  # how often a mail whose answer never came goes out again by itself
RESENDS_AFTER_CRASH = 3  # of our own: no sign that the reader got it, but a mail that kills us must end too
DOMAIN_REST = 3600  # seconds a paused domain waits where its pause names no end

STATES = {
    Verdict.DEFERRED: DeliveryState.DEFERRED,
    Verdict.REFUSED: DeliveryState.REFUSED,
    Verdict.IN_DOUBT: DeliveryState.IN_DOUBT,
    Verdict.WITHDRAWN: DeliveryState.WITHDRAWN,
}
FINAL = {Verdict.REFUSED, Verdict.WITHDRAWN}


class Driver(Protocol):
    """What the ledger asks of a database. Raises StoreError, in words, where the database fails."""

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """All that is run within is durable at its end, or never was. One at a time."""

    async def run(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """One statement in the ledger's notation, within a transaction."""

    async def accept(self, now: int, rows: Sequence[tuple[int, int, str]]) -> None:
        """Record accepted mails: delivery, code and reply of each. Within a transaction."""

    async def enrol(self, now: int) -> int:
        """A row for this worker, held alive until `leave` or the end of the process."""

    async def dead(self) -> list[int]:
        """Workers, by id, that will never write again. Within a transaction, which buries them."""

    async def leave(self, workers: Sequence[int]) -> None:
        """Forget what `enrol` keeps outside the tables for these workers."""

    async def close(self) -> None:
        """End the connection."""


OnEffect = Callable[[Driver, Outcome, int], Awaitable[None]]


async def open_ledger(
    url: str,
    unpack: Callable[[bytes], Rendering],
    now: int,
    *,
    in_doubt: str = "resend",
    on_effect: OnEffect | None = None,
    on_refusal: OnEffect | None = None,
) -> SqlLedger:
    """A ledger on a store, enrolled as a worker: a libpq URL, or the path of a SQLite file.

    Raises StoreError. `in_doubt` is "resend" or "hold"; `on_effect` is called within the transaction of an
    outcome that counts against its address (Effect.SUPPRESS, Effect.SOFT), `on_refusal` within
    that of every refusal.
    """
    driver: Driver
    if url.startswith(("postgresql:", "postgres:")):
        from digest.store.ledger_postgresql import PostgresqlDriver

        driver = await PostgresqlDriver.connect(url)
    else:
        from digest.store.ledger_sqlite import SqliteDriver

        driver = SqliteDriver(Path(url))
    ledger = SqlLedger(driver, unpack, in_doubt=in_doubt, on_effect=on_effect, on_refusal=on_refusal)
    return await ledger.open(now)


class SqlLedger:
    """The ledger of one worker, on either database. Implements ports.Ledger."""

    def __init__(
        self,
        driver: Driver,
        unpack: Callable[[bytes], Rendering],
        *,
        in_doubt: str = "resend",
        on_effect: OnEffect | None = None,
        on_refusal: OnEffect | None = None,
    ) -> None:
        self._driver = driver
        self._unpack = unpack
        self._resends = in_doubt == "resend"
        self._on_effect = on_effect
        self._on_refusal = on_refusal
        self._me = 0
        self._marked: set[int] = set()
        self._open: dict[int, set[int]] = {}  # batch -> its letters still without an outcome
        self._batch: dict[int, int] = {}  # letter -> its batch
        self._edition: dict[int, int] = {}  # batch -> its edition

    async def open(self, now: int) -> SqlLedger:
        """Enrol this worker, and take over from those that died."""
        self._me = await self._driver.enrol(now)
        await self.take_over(now)
        return self

    # ------------------------------------------------------------ claiming

    async def claim(self, now: int) -> list[Letter]:
        letters = await self._claim(now)
        if not letters and await self.take_over(now):
            letters = await self._claim(now)
        return letters

    async def _claim(self, now: int) -> list[Letter]:
        while True:
            async with self._driver.transaction():
                await self._fence(self._marked)
                pauses = {row[0]: row[2] for row in await self._driver.run(sql.PAUSED, now=now)}
                if "all" in pauses:
                    return []
                found = await self._driver.run(sql.CLAIM, me=self._me, now=now)
                if not found:
                    return []
                batch, edition, lo, hi = found[0]
                letters = await self._due(now, pauses, {"lo": lo, "hi": hi, "edition": edition})
                if not letters:
                    await self._driver.run(sql.RELEASE, batches=[batch], me=self._me)
            if letters:
                self._open[batch] = {letter.delivery for letter in letters}
                self._batch.update(dict.fromkeys(self._open[batch], batch))
                self._edition[batch] = edition
                return letters

    async def _due(self, now: int, pauses: dict[str, int | None], batch: dict[str, int]) -> list[Letter]:
        await self._driver.run(sql.EXPIRE, now=now, **batch)
        await self._driver.run(sql.WITHDRAW, now=now, **batch)
        letters = [Letter(*row) for row in await self._driver.run(sql.LETTERS, now=now, **batch)]
        for scope, until in pauses.items():
            kind, _, name = scope.partition(":")
            if kind == "domain":
                theirs = {x.delivery for x in letters if x.address.rpartition("@")[2].lower() == name}
                await self._driver.run(sql.PUT_OFF, until=until or now + DOMAIN_REST, ids=sorted(theirs))
                letters = [letter for letter in letters if letter.delivery not in theirs]
        return letters

    # ------------------------------------------------------------ settling

    async def settle(self, now: int, outcomes: Sequence[Outcome], marks: Sequence[int]) -> Settlement:
        answered = {outcome.delivery for outcome in outcomes}
        marked = (self._marked - answered) | set(marks)
        async with self._driver.transaction():
            alive = await self._touch(marked)
            await self._accept(now, outcomes)
            if alive:
                for outcome in outcomes:
                    if outcome.verdict is not Verdict.ACCEPTED:
                        await self._record(now, outcome)
                halted, released = await self._stopped(now)
                if await self._left(marks):  # others may have left as well: no need to try them
                    released |= await self._left(self._batch)
                # What an earlier settlement released is not ours any more, though its envelope may be out.
                denied = {mark for mark in marks if halted or mark in released or mark not in self._batch}
                if denied:
                    await self._touch(marked - denied)
                done = self._done(answered | denied | (released - marked))
                if done:
                    await self._driver.run(sql.RELEASE, batches=sorted(done), me=self._me)
        if not alive:
            raise Fenced("another worker took over this one's deliveries; it stops")
        self._marked = marked - denied
        self._forget(answered | denied | (released - marked), done)
        return Settlement(frozenset(denied), halted, frozenset(released))

    async def _touch(self, marked: Collection[int]) -> bool:
        """Write this worker's row: its marks, its sign of life, and its fence. False: it was buried."""
        return bool(await self._driver.run(sql.FENCE, me=self._me, inflight=json.dumps(sorted(marked))))

    async def _fence(self, marked: Collection[int]) -> None:
        if not await self._touch(marked):
            raise Fenced("another worker took over this one's deliveries; it stops")

    async def _accept(self, now: int, outcomes: Sequence[Outcome]) -> None:
        accepted = [
            (outcome.delivery, outcome.code, outcome.reply)
            for outcome in outcomes
            if outcome.verdict is Verdict.ACCEPTED
        ]
        if accepted:
            await self._driver.accept(now, accepted)

    async def _record(self, now: int, outcome: Outcome) -> None:
        doubt = outcome.verdict is Verdict.IN_DOUBT
        await self._driver.run(
            sql.RECORD,
            id=outcome.delivery,
            state=int(STATES[outcome.verdict]),
            now=now,
            counted=int(outcome.counted),
            doubts=int(doubt),
            most=self._most(RESENDS) if doubt else 32767,
            next_at=None if outcome.verdict in FINAL else outcome.next_at,
            code=outcome.code or None,
            status=outcome.status or None,
            reply=outcome.reply,
        )
        if self._on_refusal and outcome.verdict is Verdict.REFUSED:
            await self._on_refusal(self._driver, outcome, now)
        if self._on_effect and outcome.effect in {Effect.SUPPRESS, Effect.SOFT}:
            await self._on_effect(self._driver, outcome, now)

    async def _stopped(self, now: int) -> tuple[str, set[int]]:
        """Why all must stop ("": nothing), and the letters whose own edition must."""
        editions = sorted(set(self._edition.values()))
        stopped = dict(await self._driver.run(sql.STOPPED, now=now, editions=editions))
        batches = [b for b, edition in self._edition.items() if f"edition:{edition}" in stopped]
        return stopped.get("all", ""), set().union(*(self._open[b] for b in batches))

    async def _left(self, letters: Collection[int]) -> set[int]:
        """Those that are not to be sent any more, because their reader left or was suppressed."""
        rows = await self._driver.run(sql.LEFT, ids=list(letters)) if letters else []
        return {row[0] for row in rows}

    def _done(self, settled: set[int]) -> set[int]:
        """The batches in which nothing is left without an outcome once these are settled."""
        touched = Counter(self._batch[letter] for letter in settled if letter in self._batch)
        return {batch for batch, count in touched.items() if count == len(self._open[batch])}

    def _forget(self, settled: set[int], done: set[int]) -> None:
        for letter in settled:
            batch = self._batch.pop(letter, None)
            if batch is not None:
                self._open[batch].discard(letter)
        for batch in done:
            del self._open[batch], self._edition[batch]

    # ------------------------------------------------------------ life and death

    async def take_over(self, now: int) -> int:
        """Put what dead workers had marked in doubt, and free what they had claimed. How many there were."""
        async with self._driver.transaction():
            dead = await self._driver.dead()
            for worker in dead:
                await self._bury(now, worker, "its sender died before the answer was recorded")
        await self._driver.leave(dead)
        return len(dead)

    async def _bury(self, now: int, worker: int, reply: str) -> None:
        rows = await self._driver.run("SELECT inflight FROM worker WHERE id = :worker", worker=worker)
        marked = [int(letter) for row in rows for letter in json.loads(row[0])]
        most = self._most(RESENDS_AFTER_CRASH)
        await self._driver.run(sql.BURY, now=now, ids=marked, most=most, reply=reply)
        batches = await self._driver.run("SELECT id FROM batch WHERE worker = :worker", worker=worker)
        await self._driver.run(sql.RELEASE, batches=[row[0] for row in batches], me=worker)
        await self._driver.run("DELETE FROM worker WHERE id = :worker", worker=worker)

    def _most(self, resends: int) -> int:
        return resends if self._resends else 0

    async def release(self, now: int) -> None:
        """Give back what was claimed and not settled; marks without an outcome become in doubt."""
        async with self._driver.transaction():
            await self._fence(())
            await self._driver.run(
                sql.BURY,
                now=now,
                ids=sorted(self._marked),
                most=self._most(RESENDS),
                reply="no answer was recorded",
            )
            await self._driver.run(sql.RELEASE, batches=sorted(self._open), me=self._me)
        self._marked = set()
        self._open, self._batch, self._edition = {}, {}, {}

    async def close(self, now: int) -> None:
        """Release everything and resign."""
        try:
            await self.release(now)
            async with self._driver.transaction():
                await self._driver.run("DELETE FROM worker WHERE id = :me", me=self._me)
        except Fenced:
            pass  # already buried: nothing of ours is left to give back
        finally:
            await self._driver.leave([self._me])
            await self._driver.close()

    # ------------------------------------------------------------ the rest

    async def rendering(self, rendering: int) -> Rendering:
        async with self._driver.transaction():
            rows = await self._driver.run("SELECT body FROM rendering WHERE id = :id", id=rendering)
        return self._unpack(rows[0][0])

    async def pause(self, now: int, scope: str, reason: str, until: int | None = None) -> None:
        async with self._driver.transaction():
            await self._driver.run(sql.PAUSE, scope=scope, reason=reason, now=now, until=until)

    async def next_due(self, now: int) -> int | None:
        async with self._driver.transaction():
            rows = await self._driver.run(sql.NEXT_DUE, now=now)
        return rows[0][0] if rows else None

    async def reserve(self, now: float, mails: int, rate: float) -> float:
        """Take the right to send so many mails; the time (UTC seconds) from which they may go.

        `rate` is the limit of the whole installation, in mails a second, all processes together.
        """
        cost = round(1000 * mails / rate)
        async with self._driver.transaction():
            rows = await self._driver.run(sql.RESERVE, now=round(1000 * now), cost=cost)
        return int(rows[0][0]) / 1000
