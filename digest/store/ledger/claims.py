"""What a worker claims: batches of letters, each held whole until its last letter is settled."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from typing import NamedTuple

from digest.addresses import domain_of
from digest.model import Letter
from digest.store.ledger import sql
from digest.store.ledger.driver import Driver

DOMAIN_REST = 3600  # seconds a paused domain waits where its pause names no end


class Claimed(NamedTuple):
    """A batch that was claimed, with its letters that are due."""

    batch: int
    edition: int
    letters: list[Letter]


class Claims:
    """The claimed batches, and their letters without an outcome, in memory."""

    def __init__(self) -> None:
        self._open: dict[int, set[int]] = {}  # batch -> its letters
        self._batch: dict[int, int] = {}  # letter -> its batch
        self._edition: dict[int, int] = {}  # batch -> its edition

    @property
    def batches(self) -> list[int]:
        return sorted(self._open)

    @property
    def letters(self) -> Collection[int]:
        return self._batch.keys()

    @property
    def editions(self) -> list[int]:
        return sorted(set(self._edition.values()))

    def add(self, claimed: Claimed) -> None:
        batch = claimed.batch
        self._open[batch] = {letter.delivery for letter in claimed.letters}
        self._batch.update(dict.fromkeys(self._open[batch], batch))
        self._edition[batch] = claimed.edition

    def of_stopped(self, scopes: Container[str]) -> set[int]:
        """The letters whose edition is among these scopes."""
        batches = [batch for batch, edition in self._edition.items() if f"edition:{edition}" in scopes]
        return set().union(*(self._open[batch] for batch in batches))

    def done(self, settled: Iterable[int]) -> set[int]:
        """The batches in which nothing is left without an outcome once these are settled."""
        touched: dict[int, int] = {}
        for letter in settled:
            batch = self._batch.get(letter)
            if batch is not None:
                touched[batch] = touched.get(batch, 0) + 1
        return {batch for batch, count in touched.items() if count == len(self._open[batch])}

    def settle(self, settled: Iterable[int]) -> None:
        """These have their outcome, or are no longer ours."""
        for letter in settled:
            batch = self._batch.pop(letter, None)
            if batch is not None:
                self._open[batch].remove(letter)
                if not self._open[batch]:
                    del self._open[batch], self._edition[batch]


async def claim(driver: Driver, me: int, now: int) -> Claimed | None:
    """Claim the batch that has waited longest, within a transaction; None when none is due.

    One that turns out to have no letters due is given back.
    """
    pauses = {row[0]: row[2] for row in await driver.run(sql.PAUSED, now=now)}
    if "all" in pauses:
        return None
    found = await driver.run(sql.CLAIM, me=me, now=now)
    if not found:
        return None
    batch, edition, lo, hi = found[0]
    letters = await _due(driver, now, pauses, {"lo": lo, "hi": hi, "edition": edition})
    if not letters:
        await driver.run(sql.RELEASE, batches=[batch], me=me)
    return Claimed(batch, edition, letters)


async def _due(
    driver: Driver, now: int, pauses: dict[str, int | None], batch: dict[str, int]
) -> list[Letter]:
    await driver.run(sql.EXPIRE, now=now, **batch)
    await driver.run(sql.WITHDRAW, now=now, **batch)
    letters = [Letter(*row) for row in await driver.run(sql.LETTERS, now=now, **batch)]
    for scope, until in pauses.items():
        kind, _, name = scope.partition(":")
        if kind == "domain":
            theirs = {x.delivery for x in letters if domain_of(x.address) == name}
            await driver.run(sql.PUT_OFF, until=until or now + DOMAIN_REST, ids=sorted(theirs))
            letters = [letter for letter in letters if letter.delivery not in theirs]
    return letters
