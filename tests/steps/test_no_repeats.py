"""Sixty mornings with overlapping feeds: no story comes to a reader twice, but one whose news has changed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, time

import pytest

from digest.model import Mornings, Story
from tests.builders import newsletter
from tests.steps import mornings as life
from tests.steps.conftest import Live
from tests.steps.mornings import DAY, HOUR

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZONES = ("Europe/Dublin", "Asia/Tokyo", "America/Lima")
HOURS = (time(6), time(7), time(20))
DAYS = ("daily", "weekdays", "tue,sat")


def live_for_sixty_days(mornings: life.Mornings, chance: random.Random) -> None:
    """News twice a day, told by two feeds; readers who change their minds; ticks at their hours."""
    people = {name: mornings.join(name, START, zone=zone) for name, zone in zip("abc", ZONES, strict=True)}
    mornings.join("steady", START)
    mornings.tick(START)
    for n in range(60):
        noon = START + n * DAY
        for story in (f"day{n}-am", f"day{n}-pm"):
            link = f"https://news.example.com/{story}"
            mornings.publish(story, noon, canonical=link)
            mornings.publish(f"other-{story}", noon + HOUR, "second wire", canonical=link)
        if n:  # the feed still shows yesterday's, with a comma put right
            mornings.publish(f"day{n - 1}-am", noon - DAY, title=f"The day{n - 1}-am, story")
        reader = chance.choice(list(people.values()))
        wish = {"zone": chance.choice(ZONES), "at": chance.choice(HOURS), "days": chance.choice(DAYS)}
        mornings.change(reader, noon + chance.randrange(24) * HOUR, **wish)
        for hour in (13, 22, 25, 31):  # after noon, in the night, at seven: each zone's hours are among them
            mornings.tick(START.replace(hour=0) + n * DAY + hour * HOUR)


@pytest.mark.journey
@pytest.mark.parametrize("cutoff", [None, time(5, 30)])
def test_no_story_comes_to_a_reader_twice_in_sixty_days(live: Live, cutoff: time | None) -> None:
    letter = newsletter(mornings=Mornings.READER, zone="Europe/Dublin", cutoff=cutoff)
    mornings = live(letter)
    live_for_sixty_days(mornings, random.Random(7))
    mails = mornings.mails()
    got = Counter((mail.reader, story) for mail in mails for story in mail.stories)
    assert set(got.values()) == {1}
    assert set(Counter((mail.reader, mail.day) for mail in mails).values()) == {1}
    assert len([mail for mail in mails if mail.reader == "steady"]) > 55
    assert len(mails) > 100
    steady = {story for reader, story in got if reader == "steady"}
    assert len(steady) > 110, "and hardly a story is lost"


@pytest.mark.parametrize("cutoff", [None, time(5, 30)])
def test_a_story_whose_news_has_changed_comes_back_marked_as_updated(live: Live, cutoff: time | None) -> None:
    mornings = live(newsletter(mornings=Mornings.READER, cutoff=cutoff))
    mornings.join("ada", START)
    evening, seven = START + 8 * HOUR, START + 19 * HOUR
    mornings.tick(START)
    mornings.publish("fire", evening, title="Fire closes the harbour")
    mornings.publish("fair", evening, title="The spring fair opens on Sunday")
    mornings.tick(seven)
    mornings.publish("fire", evening, title="Harbour open again, the baker cleared of all blame")
    mornings.publish("fair", evening, title="The spring fair opens on Sundays")
    mornings.tick(seven + DAY)
    first, second = (stories(mornings, mail) for mail in mornings.mails())
    assert [story.updated for story in first] == [False, False]
    assert [(story.title, story.updated) for story in second] == [
        ("Harbour open again, the baker cleared of all blame", True)
    ]


def stories(mornings: life.Mornings, mail: life.Mail) -> list[Story]:
    """The stories of a mail, as the edition tells them."""
    items = mornings.service.editions.load(mornings.newsletter, mail.edition).items
    return [item.story for item in items if item.story.id in mail.stories]
