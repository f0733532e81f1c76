"""What a worker claims: batches of letters, each held whole until its last letter is settled."""

from __future__ import annotations

from collections.abc import Container, Iterable, Set
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
    moment: int | None = None  # of the claim, see Driver.moment


class Claims:
    """The claimed batches, and their letters without an outcome, in memory."""

    def __init__(self) -> None:
        self._open: dict[int, set[int]] = {}  # batch -> its letters
        self._edition: dict[int, int] = {}  # batch -> its edition
        self._moments: dict[int, int | None] = {}  # batch -> when it was claimed

    @property
    def batches(self) -> list[int]:
        return sorted(self._open)

    @property
    def letters(self) -> set[int]:
        return set().union(*self._open.values())

    @property
    def editions(self) -> list[int]:
        return sorted(set(self._edition.values()))

    @property
    def since(self) -> int | None:
        """The moment of all claims; None if they have several, or none that can be told."""
        moments = set(self._moments.values())
        return moments.pop() if len(moments) == 1 else None

    def add(self, claimed: Claimed) -> None:
        self._open[claimed.batch] = {letter.delivery for letter in claimed.letters}
        self._edition[claimed.batch] = claimed.edition
        self._moments[claimed.batch] = claimed.moment

    def doubt(self) -> None:
        """This worker itself has written what may concern them: their moment is over."""
        self._moments = dict.fromkeys(self._open)

    def lack(self, letters: Iterable[int]) -> set[int]:
        """Those of these letters that are not ours, or not any more."""
        return set(letters).difference(*self._open.values())

    def of_stopped(self, scopes: Container[str]) -> set[int]:
        """The letters whose edition is among these scopes."""
        batches = [batch for batch, edition in self._edition.items() if f"edition:{edition}" in scopes]
        return set().union(*(self._open[batch] for batch in batches))

    def done(self, settled: Set[int]) -> list[int]:
        """The batches in which nothing is left without an outcome once these are settled."""
        return [batch for batch, letters in self._open.items() if letters <= settled]

    def settle(self, settled: Set[int]) -> None:
        """These have their outcome, or are no longer ours."""
        for batch in self.done(settled):
            del self._open[batch], self._edition[batch], self._moments[batch]
        for letters in self._open.values():
            letters.difference_update(settled)


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
    return Claimed(batch, edition, letters, await driver.moment())


async def _due(
    driver: Driver, now: int, pauses: dict[str, int | None], batch: dict[str, int]
) -> list[Letter]:
    rows = await driver.run(sql.LETTERS, now=now, **batch)
    standings = {row[0] for row in rows}
    # Each of the two reads the whole batch once more, so only where there is something for it.
    if "expired" in standings:
        await driver.run(sql.EXPIRE, now=now, **batch)
    if "left" in standings:
        await driver.run(sql.WITHDRAW, now=now, **batch)
    letters = [Letter(*row[1:]) for row in rows if row[0] == "due"]
    for scope, until in pauses.items():
        kind, _, name = scope.partition(":")
        if kind == "domain":
            theirs = {x.delivery for x in letters if domain_of(x.address) == name}
            await driver.run(sql.PUT_OFF, until=until or now + DOMAIN_REST, ids=sorted(theirs))
            letters = [letter for letter in letters if letter.delivery not in theirs]
    return letters
