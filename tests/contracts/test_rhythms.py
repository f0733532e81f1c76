"""How a source has been giving, as two weeks of its stories tell, on every store."""

from __future__ import annotations

from datetime import timedelta

from digest.model import Rhythm
from digest.store.database import Database
from digest.store.stories import Stories
from tests.builders import NOON, found

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_two_weeks_tell_a_sources_rhythm(database: Database) -> None:
    stories = Stories(database)
    for hours in (20 * 24, 13 * 24, 49, 48, 30, 5, 5):
        at = NOON - hours * HOUR
        stories.save("wire", [found(f"{hours} {at}"), found(f"{hours} again")], at)
    assert stories.rhythms(NOON) == [
        Rhythm("wire", NOON - 13 * DAY, NOON - 5 * HOUR, (13 * 24 - 49) * HOUR, (2, 2, 4, 0, 0, 0, 0, 0))
    ]


def test_what_a_first_run_found_old_is_no_rhythm(database: Database) -> None:
    stories = Stories(database)
    old = [found(f"{n}", published=NOON - 3 * DAY) for n in range(5)]
    stories.save("wire", old, NOON - HOUR, keep_first=10)
    assert stories.rhythms(NOON) == []
