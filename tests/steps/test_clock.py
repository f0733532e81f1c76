"""A service that is stopped and started, put to sleep and set back: each morning once, or told as missed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from digest.model import Mornings
from digest.schedule.due import dues
from digest.steps.service import Service
from tests.builders import newsletter
from tests.steps.conftest import Live
from tests.steps.mornings import DAY

# Clocks that change at night, at midnight, by half an hour, by two hours, or never.
PLACES = [
    ("Europe/Dublin", time(1, 30)),
    ("America/New_York", time(2, 30)),
    ("America/Scoresbysund", time(23, 15)),
    ("America/Havana", time(0, 15)),
    ("Australia/Lord_Howe", time(1, 45)),
    ("Antarctica/Troll", time(1, 0)),
    ("Pacific/Chatham", time(3, 0)),
    ("Asia/Kathmandu", time(7, 0)),
    ("Pacific/Kiritimati", time(6, 45)),
    ("Africa/Casablanca", time(2, 0)),
]
STEADY = {"Asia/Kathmandu", "Pacific/Kiritimati", "Africa/Casablanca"}
DAYS = 3
CHANGES = [datetime(2026, *day, tzinfo=UTC) for day in ((3, 7), (3, 28), (4, 4), (10, 24), (10, 31))]
STEPS = ("planning.plan", "planning.advance", "editions.freeze", "editions.issue", "incidents.open")


class KilledError(Exception):
    """The process ends here."""


def ticks(start: datetime, chance: random.Random) -> list[datetime]:
    """When the service happens to look: about every hour, but for sleeps of hours and a clock set back."""
    found, at = [start], start
    while at < start + DAYS * DAY:
        what = chance.random()
        if what < 0.04:
            at += timedelta(hours=chance.uniform(2, 30))
        elif what < 0.1:
            at -= timedelta(minutes=chance.uniform(1, 200))
        else:
            at += timedelta(minutes=chance.uniform(20, 90))
        found.append(at)
    return found


def make_mortal(service: Service, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end now and then, just before or just after a step is durable."""

    def mortal(step: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object, **named: object) -> object:
            fate = chance.random()
            if fate < 0.1:
                raise KilledError
            done = step(*args, **named)
            if fate < 0.2:
                raise KilledError
            return done

        return run

    for name in STEPS:
        port, step = name.split(".")
        at = getattr(service, port)
        monkeypatch.setattr(at, step, mortal(getattr(at, step)))


def expected(looked: list[datetime], late_by: timedelta) -> set[tuple[str, date]]:
    """The mornings of all places that somebody looked at in time; the first look decides."""
    found = set()
    for zone, at in PLACES:
        for due in dues(ZoneInfo(zone), at, "daily", looked[0]):
            seen = next((now for now in looked if now >= due.at), None)
            if seen is None:
                break
            if seen - due.at <= late_by:
                found.add((zone.replace("/", "-"), due.day))
    return found


def test_every_clock_that_changes_does_so_in_these_days() -> None:
    changing = {
        zone
        for zone, _ in PLACES
        for start in CHANGES
        if start.astimezone(ZoneInfo(zone)).utcoffset()
        != (start + DAYS * DAY).astimezone(ZoneInfo(zone)).utcoffset()
    }
    assert changing == {zone for zone, _ in PLACES} - STEADY


@pytest.mark.journey
@pytest.mark.parametrize(("start", "seed"), [(start, seed) for seed, start in enumerate(CHANGES)])
def test_each_local_date_has_one_issue_unless_nobody_was_awake(
    live: Live, monkeypatch: pytest.MonkeyPatch, start: datetime, seed: int
) -> None:
    letter = newsletter(mornings=Mornings.READER, cutoff=None, zone="Asia/Kathmandu")
    mornings, chance = live(letter), random.Random(seed)
    looked = ticks(start, chance)
    for zone, at in PLACES:
        mornings.join(zone.replace("/", "-"), start, zone=zone, at=at)
    make_mortal(mornings.service, chance, monkeypatch)
    killed = 0
    for number, now in enumerate(looked):
        mornings.publish(f"news{number}", now)
        restarted = True
        while restarted:
            try:
                mornings.tick(now)
                restarted = False
            except KilledError:
                killed += 1
    got = Counter((mail.reader, mail.day) for mail in mornings.mails())
    assert set(got.values()) == {1}
    assert set(got) == expected(looked, timedelta(seconds=letter.late_by))
    assert len(got) > len(PLACES)
    assert killed > 10


def test_what_was_slept_through_is_told_as_missed(live: Live) -> None:
    letter = newsletter(mornings=Mornings.READER)
    mornings, start = live(letter), datetime(2026, 3, 26, tzinfo=UTC)
    mornings.join("ada", start)
    mornings.tick(start)
    told = mornings.tick(start + 3 * DAY)
    assert [(one.result, one.date.day) for one in told] == [("missed", 26), ("missed", 27), ("missed", 28)]
    assert mornings.mails() == []
    incidents = mornings.service.incidents.current()
    assert {incident.kind for incident in incidents} == {"missed"}
