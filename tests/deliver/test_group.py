"""Group commit: who waits for whom."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from digest.deliver.group import LONGEST_DOZE, PATIENCE, Group, Waiting
from digest.model import Outcome
from digest.ports import Settlement


class Slow:
    """A ledger that takes its time; keeps which marks came together."""

    def __init__(self) -> None:
        self.groups: asyncio.Queue[list[int]] = asyncio.Queue()
        self.commits = 0
        self.go = asyncio.Event()

    async def settle(self, _now: int, _outcomes: Sequence[Outcome], marks: Sequence[int]) -> Settlement:
        self.groups.put_nowait(list(marks))
        self.commits += 1
        await self.go.wait()
        return Settlement()


@pytest.fixture
async def slow() -> Slow:
    return Slow()


async def test_a_commit_is_made_when_most_of_the_busy_wait_or_patience_ends(slow: Slow) -> None:
    slow.go.set()
    group = Group(slow, lambda: 0.0, lambda _waiting, _outcomes, _settlement: None)  # type: ignore[arg-type]  # settles, no more
    work = asyncio.create_task(group.work())
    group.of(4, stepwise=False)
    for mark in (1, 2):
        group.add(None, (), mark)
    await asyncio.sleep(0)
    assert slow.groups.empty()
    group.add(None, (), 3)
    assert await slow.groups.get() == [1, 2, 3]
    group.add(None, (), 4)
    assert await slow.groups.get() == [4]
    work.cancel()


async def test_those_whom_a_slow_commit_lets_go_on_share_the_next_with_those_who_waited(slow: Slow) -> None:
    def resumed(waiting: Sequence[Waiting], _outcomes: Sequence[Outcome], _settlement: Settlement) -> None:
        for _, mark in waiting if slow.commits == 1 else ():
            asyncio.get_running_loop().call_soon(group.add, None, (), (mark or 0) + 10)

    group = Group(slow, lambda: 0.0, resumed)  # type: ignore[arg-type]  # settles, no more
    work = asyncio.create_task(group.work())
    group.of(4, stepwise=False)
    for mark in (1, 2, 3):
        group.add(None, (), mark)
    await asyncio.sleep(0)
    group.add(None, (), 4)
    await asyncio.sleep(0.03)  # longer than anyone's patience
    slow.go.set()
    assert await slow.groups.get() == [1, 2, 3]
    assert await slow.groups.get() == [4, 11, 12, 13]
    work.cancel()


@pytest.mark.parametrize(("stepwise", "naps"), [(False, 1), (True, 0)])
async def test_the_loop_sleeps_while_a_group_gathers_fast_if_a_mail_is_one_answer(
    slow: Slow, monkeypatch: pytest.MonkeyPatch, stepwise: bool, naps: int
) -> None:
    slow.go.set()
    slept: list[float] = []
    monkeypatch.setattr("digest.deliver.group.time.sleep", slept.append)
    group = Group(slow, lambda: 0.0, lambda _waiting, _outcomes, _settlement: None)  # type: ignore[arg-type]  # settles, no more
    group.of(1, stepwise=stepwise)
    work = asyncio.create_task(group.work())
    for mark in (1, 2):
        group.add(None, (), mark)
        await slow.groups.get()
    assert len(slept) == naps
    assert all(0 < nap <= LONGEST_DOZE for nap in slept)
    await asyncio.sleep(2 * PATIENCE)
    group.add(None, (), 3)
    await slow.groups.get()
    assert len(slept) == naps
    work.cancel()
