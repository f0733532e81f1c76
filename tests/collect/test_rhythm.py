"""A source that answers and gives less than usual: told in a sentence, and not for a night or a weekend."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from digest.collect.rhythm import oddity
from digest.model import Rhythm
from tests.builders import NOON

HOUR = timedelta(hours=1)
WEEK = (20, 24, 22, 12, 13, 25, 21)


def rhythm(
    today: int = 20,
    silent: timedelta = HOUR,
    longest: timedelta = 9 * HOUR,
    known: timedelta = timedelta(days=14),
    week: tuple[int, ...] = WEEK,
) -> Rhythm:
    return Rhythm("world", NOON - known, NOON - silent, longest, (today, *week))


def kind(one: Rhythm, now: datetime = NOON) -> str:
    return oddity(one, now)[0]


def test_a_source_as_usual_is_not_odd() -> None:
    assert oddity(rhythm(), NOON) == ("", "")


def test_one_that_is_silent_for_twice_its_longest_silence_is_late() -> None:
    assert kind(rhythm(silent=17 * HOUR)) == ""
    assert oddity(rhythm(silent=19 * HOUR, today=4), NOON) == (
        "late source",
        "Source world has told nothing new for 19 hours; "
        "in two weeks it was never silent for more than 9 hours.",
    )


def test_a_fast_source_may_have_a_slow_hour() -> None:
    assert kind(rhythm(silent=2 * HOUR, longest=HOUR / 2)) == ""
    assert kind(rhythm(silent=4 * HOUR, longest=HOUR / 2)) == "late source"


def test_one_that_gives_less_than_half_of_its_poorest_day_is_thin() -> None:
    assert kind(rhythm(today=6)) == ""  # the weekend's poorest day had 12
    assert oddity(rhythm(today=5), NOON) == (
        "thin source",
        "Source world gave 5 stories in 24 hours; on no day of the week before were there fewer than 12.",
    )


@pytest.mark.parametrize(
    "one",
    [
        rhythm(today=0, silent=30 * HOUR, known=timedelta(days=7)),
        rhythm(today=0, week=(3, 4, 3, 5, 3, 3, 4)),
        rhythm(today=0, silent=30 * HOUR, longest=timedelta(), week=(0,) * 7),
    ],
    ids=["too new", "too few a day", "all at once"],
)
def test_what_is_not_known_well_is_not_judged(one: Rhythm) -> None:
    assert kind(one) == ""
