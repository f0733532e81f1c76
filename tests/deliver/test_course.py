"""Whether a run goes on, and what the other workers are told of it."""

from __future__ import annotations

from typing import Any

import pytest

from digest.deliver.course import Course
from digest.deliver.report import Book


class Written:
    """Keeps what a ledger would be told."""

    def __init__(self) -> None:
        self.pauses: list[tuple[Any, ...]] = []

    async def pause(self, *pause: Any) -> None:
        self.pauses.append(pause)


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
async def course(written: Written) -> Course:
    book = Book(lambda _report: None)
    return Course(written, lambda: 7.0, book)  # type: ignore[arg-type]  # all it asks of a ledger


async def test_the_first_reason_to_halt_stands_and_is_written_once(course: Course, written: Written) -> None:
    course.halt("no relay answers", 67)
    course.halt("the sender is refused")
    assert (course.halted, course.until, course.goes_on) == ("no relay answers", 67, False)
    await course.write_pauses()
    await course.write_pauses()
    assert written.pauses == [(7, "all", "no relay answers", 67)]


async def test_a_pause_read_from_the_ledger_is_obeyed_and_not_written_back(
    course: Course, written: Written
) -> None:
    course.obey("")
    assert course.goes_on
    course.obey("stopped by hand")
    assert (course.halted, course.goes_on) == ("stopped by hand", False)
    await course.write_pauses()
    assert written.pauses == []


async def test_a_domain_at_rest_stops_nobody_else(course: Course, written: Written) -> None:
    course.rest_domain("example.net", "policy", 3607)
    assert course.goes_on
    await course.write_pauses()
    assert written.pauses == [(7, "domain:example.net", "policy", 3607)]


async def test_the_first_error_is_the_one_that_is_told(course: Course) -> None:
    first = ValueError("first")
    course.fail(first)
    course.fail(ValueError("what followed from it"))
    assert course.error is first
    assert not course.goes_on
    assert course.news.is_set()
