"""Which days a newsletter and a reader have, and what an edition after days off covers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from digest.model import Mornings
from digest.steps.editions import edition_date
from digest.store.database import Database
from digest.store.people import People
from tests.builders import TOKENS, newsletter
from tests.steps.conftest import Live
from tests.steps.mornings import DAY, HOUR

THURSDAY = datetime(2026, 3, 5, 20, tzinfo=UTC)
SEVEN = datetime(2026, 3, 6, 7, tzinfo=UTC)  # of the Friday


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]


@pytest.mark.parametrize("whose", list(Mornings))
def test_a_weekdays_newsletters_monday_covers_the_weekend(live: Live, whose: Mornings) -> None:
    mornings = live(newsletter(days="weekdays", mornings=whose))
    mornings.join("ada", THURSDAY, days="weekdays")
    mornings.tick(THURSDAY)
    for n in range(5):
        mornings.publish(f"day{n}", SEVEN + n * DAY - 2 * HOUR)
        mornings.tick(SEVEN + n * DAY)
    assert mornings.days("ada") == march(6, 9, 10)
    titles = [sorted(mornings.titles(mail.edition)) for mail in mornings.mails()]
    assert titles == [["The day0 story"], [f"The day{n} story" for n in (1, 2, 3)], ["The day4 story"]]


def test_a_weekly_newsletters_edition_covers_its_week(live: Live) -> None:
    mornings = live(newsletter(days="fri"))
    mornings.join("ada", THURSDAY)
    mornings.tick(THURSDAY)
    for n in range(8):
        mornings.publish(f"day{n}", SEVEN + n * DAY - 2 * HOUR)
        mornings.tick(SEVEN + n * DAY)
    first, second = mornings.mails()
    assert (first.day, second.day) == (date(2026, 3, 6), date(2026, 3, 13))
    assert (len(first.stories), len(second.stories)) == (1, 7)


@pytest.mark.parametrize("whose", list(Mornings))
def test_on_a_holiday_nothing_goes_out_and_the_next_edition_covers_it(live: Live, whose: Mornings) -> None:
    mornings = live(newsletter(skip=tuple(march(7, 8, 9)), mornings=whose))
    mornings.join("ada", THURSDAY)
    mornings.tick(THURSDAY)
    for n in range(5):
        mornings.publish(f"day{n}", SEVEN + n * DAY - 2 * HOUR)
        issued = mornings.tick(SEVEN + n * DAY)
        assert len(issued) == (0 if n in {1, 2, 3} else 1)
    assert mornings.days("ada") == march(6, 10)
    assert len(mornings.mails()[-1].stories) == 4
    assert mornings.service.incidents.current() == []


def test_a_holiday_is_one_in_each_readers_own_zone(live: Live) -> None:
    letter = newsletter(skip=(date(2026, 3, 7),), mornings=Mornings.READER, cutoff=None)
    mornings = live(letter)
    mornings.join("tokyo", THURSDAY, zone="Asia/Tokyo")
    mornings.join("lima", THURSDAY, zone="America/Lima")
    mornings.tick(THURSDAY)
    for hours in range(4 * 24):
        at = THURSDAY + hours * HOUR
        mornings.publish(f"hour{hours}", at)
        if at.hour in {12, 22}:
            mornings.tick(at)
    assert mornings.days("tokyo") == march(6, 8, 9)
    assert mornings.days("lima") == march(6, 8, 9)


def test_a_pause_longer_than_a_week_does_not_lose_the_edition_before_it() -> None:
    letter = newsletter(skip=tuple(march(*range(2, 20))))
    assert edition_date(letter, SEVEN + 9 * DAY) == date(2026, 3, 1)


def test_a_reader_who_pauses_gets_the_first_issue_on_the_day_they_named(
    live: Live, database: Database
) -> None:
    mornings = live(newsletter())
    reader = mornings.join("ada", THURSDAY)
    mornings.tick(THURSDAY)
    People(database, TOKENS).settle(reader.ref, "", date(2026, 3, 8))
    for n in range(4):
        mornings.publish(f"day{n}", SEVEN + n * DAY - 2 * HOUR)
        mornings.tick(SEVEN + n * DAY)
    assert mornings.days("ada") == march(8, 9)


def test_a_reader_gets_only_the_weekdays_they_chose(live: Live) -> None:
    mornings = live(newsletter(mornings=Mornings.READER))
    mornings.join("ada", THURSDAY, days="sat,mon")
    mornings.join("bob", THURSDAY, days="daily")
    mornings.tick(THURSDAY)
    for n in range(5):
        mornings.publish(f"day{n}", SEVEN + n * DAY - 2 * HOUR)
        mornings.tick(SEVEN + n * DAY)
    assert mornings.days("ada") == march(7, 9)
    assert mornings.days("bob") == march(6, 7, 8, 9, 10)


def test_days_that_the_newsletter_does_not_have_are_not_sent_to_anyone(live: Live) -> None:
    mornings = live(newsletter(mornings=Mornings.READER, days="weekdays", cutoff=None))
    mornings.join("ada", THURSDAY, days="daily")
    mornings.tick(THURSDAY)
    for n in range(5):
        mornings.publish(f"day{n}", SEVEN + n * DAY - 2 * HOUR)
        mornings.tick(SEVEN + n * DAY)
    assert mornings.days("ada") == march(6, 9, 10)
