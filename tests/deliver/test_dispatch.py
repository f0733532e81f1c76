"""What a connection is told once its mark is durable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from digest.deliver.course import Course
from digest.deliver.dispatch import Dispatch
from digest.deliver.options import Options
from digest.deliver.report import Book
from digest.model import Outcome
from digest.ports import Settlement


class Keeper:
    """A ledger that denies nothing, and keeps the outcomes."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    async def settle(self, _now: int, outcomes: Sequence[Outcome], _marks: Sequence[int]) -> Settlement:
        self.outcomes += outcomes
        return Settlement()

    async def pause(self, *_pause: Any) -> None:
        """Nobody else asks."""


class Waiting:
    """A connection that waits for its mark."""

    told: bool | None = None

    def resume(self, *, go: bool) -> None:
        self.told = go


@pytest.mark.parametrize("mark", [0, 7])
async def test_no_mail_is_handed_over_once_the_run_has_halted_not_even_the_first(mark: int) -> None:
    keeper, connection = Keeper(), Waiting()
    book = Book(lambda _report: None)
    course = Course(keeper, lambda: 7.0, book)  # type: ignore[arg-type]  # all it asks of a ledger
    dispatch = Dispatch(keeper, (), None, lambda: 7.0, Options(), course, book)  # type: ignore[arg-type]  # nothing is composed
    course.halt("no relay answers", 67)
    dispatch.commit(connection, (), mark)  # type: ignore[arg-type]  # all it asks of a connection
    await dispatch.group.flush()
    await dispatch.group.flush()
    assert connection.told is False
    assert [(outcome.delivery, outcome.reply) for outcome in keeper.outcomes] == [(mark, "no relay answers")]
