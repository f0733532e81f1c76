"""A reader moves to another hour, zone or days between two issues: never two, and none lost in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from digest.model import Moment, Mornings, Newsletter
from tests.builders import newsletter, order
from tests.steps import mornings as life
from tests.steps.conftest import Live
from tests.steps.mornings import DAY, HOUR, MINUTE

EVENING = datetime(2026, 3, 9, 20, tzinfo=UTC)
SEVEN = datetime(2026, 3, 10, 7, tzinfo=UTC)


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]


def rolling(**changes: object) -> Newsletter:
    return newsletter(**{"mornings": Mornings.READER, "cutoff": None} | changes)


def go_on(mornings: life.Mornings, since: datetime, until: datetime) -> None:
    """News and a tick every hour."""
    at = since
    while at < until:
        mornings.publish(f"{at:%d-%H}", at)
        mornings.tick(at)
        at += HOUR


def test_from_tokyo_to_lima_todays_issue_is_not_doubled_and_tomorrows_comes(live: Live) -> None:
    mornings = live(rolling())
    reader = mornings.join("ada", EVENING, zone="Asia/Tokyo")
    go_on(mornings, EVENING, SEVEN)
    assert mornings.days("ada") == march(10)
    mornings.change(reader, SEVEN, zone="America/Lima")  # where it is 02:00 of the 10th
    go_on(mornings, SEVEN, SEVEN + 2 * DAY)
    assert mornings.days("ada") == march(10, 11)


def test_from_lima_to_tokyo_the_date_that_has_begun_there_comes_within_late_by(live: Live) -> None:
    mornings = live(rolling())
    reader = mornings.join("ada", EVENING, zone="America/Lima")
    go_on(mornings, EVENING, EVENING + 18 * HOUR)
    assert mornings.days("ada") == march(10)
    midnight = datetime(2026, 3, 11, 0, tzinfo=UTC)  # in Tokyo 09:00 of the 11th, two hours late
    mornings.tick(midnight)
    mornings.change(reader, midnight, zone="Asia/Tokyo")
    go_on(mornings, midnight, midnight + DAY)
    assert mornings.days("ada") == march(10, 11, 12)


def test_a_date_is_dropped_only_where_its_new_moment_is_past_late_by(live: Live) -> None:
    mornings = live(rolling())
    reader = mornings.join("ada", EVENING, at=time(20))
    go_on(mornings, EVENING + MINUTE, SEVEN + 5 * HOUR)
    mornings.change(reader, SEVEN + 5 * HOUR, at=time(7))  # five hours late; late_by is four
    go_on(mornings, SEVEN + 5 * HOUR, SEVEN + DAY + HOUR)
    assert mornings.days("ada") == march(11)


@pytest.mark.parametrize("others", [0, 1])
def test_an_hour_already_past_today_is_caught_up_at_once(live: Live, others: int) -> None:
    mornings = live(rolling())
    reader = mornings.join("ada", EVENING, at=time(12))
    for n in range(others):
        mornings.join(f"other{n}", EVENING)
    go_on(mornings, EVENING, SEVEN + 2 * HOUR)
    mornings.change(reader, SEVEN + 2 * HOUR, at=time(7))
    mornings.tick(SEVEN + 2 * HOUR + MINUTE)
    assert mornings.days("ada") == march(10)
    go_on(mornings, SEVEN + 3 * HOUR, SEVEN + DAY + HOUR)
    assert mornings.days("ada") == march(10, 11)
    assert all(mornings.days(f"other{n}") == march(10, 11) for n in range(others))


def test_a_later_hour_on_the_same_date_brings_no_second_issue(live: Live) -> None:
    mornings = live(rolling())
    reader = mornings.join("ada", EVENING, at=time(6))
    go_on(mornings, EVENING, SEVEN)
    mornings.change(reader, SEVEN, at=time(9))
    go_on(mornings, SEVEN, SEVEN + 6 * HOUR)
    assert mornings.days("ada") == march(10)


def test_who_comes_to_a_moment_while_it_is_being_planned_is_planned_too(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    mornings = live(rolling())
    mover = mornings.join("ada", EVENING, at=time(12))
    mornings.join("bob", EVENING)
    go_on(mornings, EVENING, SEVEN)
    planning = mornings.service.planning
    advance = planning.advance

    def interrupted(to: dict[Moment, datetime]) -> object:
        """The reader's wish arrives when everyone is planned, and the moment not yet set on."""
        monkeypatch.undo()
        mornings.readers.change(mover.ref, mornings.newsletter, order(), SEVEN)
        return advance(to)

    monkeypatch.setattr(planning, "advance", interrupted)
    mornings.tick(SEVEN)
    assert mornings.days("ada") == []
    mornings.tick(SEVEN + MINUTE)
    assert (mornings.days("ada"), mornings.days("bob")) == (march(10), march(10))


def test_eastwards_with_one_edition_a_date_nobody_gets_an_edition_twice(live: Live) -> None:
    mornings = live(rolling(cutoff=time(5, 30)))
    reader = mornings.join("ada", EVENING, zone="America/Lima")
    go_on(mornings, EVENING, SEVEN + 8 * HOUR)
    mornings.change(reader, SEVEN + 8 * HOUR, zone="Asia/Tokyo")
    go_on(mornings, SEVEN + 8 * HOUR, SEVEN + 4 * DAY)
    mails = mornings.mails()
    assert len({mail.edition for mail in mails}) == len(mails)
    assert mornings.days("ada") == march(10, 12, 13, 14)  # on the 11th there was none that was new


def test_mornings_given_to_the_readers_start_without_a_backlog(live: Live) -> None:
    mornings = live(rolling(mornings=Mornings.HOME))
    mornings.join("ada", EVENING, zone="America/Lima")
    go_on(mornings, EVENING, SEVEN + 4 * DAY)
    assert mornings.days("ada") == march(*range(10, 14))
    assert all(
        place.next_due > SEVEN + 3 * DAY for place in mornings.service.planning.moments(mornings.newsletter)
    )
