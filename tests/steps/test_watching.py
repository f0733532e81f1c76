"""What did not happen is noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.deliver.report import Report
from digest.errors import TemplateError
from digest.model import Edition, Look
from digest.steps.sending import finish
from digest.steps.watching import is_awake, watch
from tests.builders import MORNING
from tests.steps.conftest import Live
from tests.steps.mornings import DAY, HOUR, MINUTE, Mornings

SIX = datetime(2026, 3, 10, 6, tzinfo=UTC)
HELD = replace(MORNING, review="hold")


def told(mornings: Mornings) -> list[str]:
    """What the operator has to be told of."""
    return [f"{one.kind}: {one.text}" for one in mornings.service.incidents.untold()]


def test_an_edition_that_waits_is_late_half_an_hour_after_its_time(live: Live) -> None:
    mornings = live(HELD)
    mornings.join("ann", SIX - HOUR)
    mornings.publish("pier", SIX - HOUR)
    for minutes in (0, 61, 89):
        mornings.tick(SIX + minutes * MINUTE)
    assert [one.partition(":")[0] for one in told(mornings)] == ["waiting"]
    mornings.tick(SIX + 91 * MINUTE)
    assert told(mornings)[1] == (
        "late: The Morning Tide of 2026-03-10 was due at 07:00 UTC and is late: it waits for approval"
    )


def test_one_that_nobody_has_got_is_late_and_over_once_somebody_has(live: Live) -> None:
    mornings = live(MORNING)
    mornings.join("ann", SIX - HOUR)
    mornings.publish("pier", SIX - HOUR)
    mornings.tick(SIX + HOUR)
    mornings.tick(SIX + 2 * HOUR)
    assert told(mornings) == [
        "late: The Morning Tide of 2026-03-10 was due at 07:00 UTC and is late: "
        "none of its 1 mails had been accepted by 08:00"
    ]
    mornings.all_accepted()
    [late] = mornings.service.incidents.untold()
    mornings.service.incidents.tell(late, SIX + 2 * HOUR)
    watch(mornings.service, SIX + 2 * HOUR)
    assert mornings.service.incidents.over() == [late]


def test_a_run_by_which_somebody_has_it_ends_what_was_late(live: Live) -> None:
    mornings = live(MORNING)
    mornings.join("ann", SIX - HOUR)
    mornings.publish("pier", SIX - HOUR)
    mornings.tick(SIX + HOUR)
    mornings.tick(SIX + 2 * HOUR)
    finish(mornings.service, Report(), SIX + 2 * HOUR)
    assert [one.kind for one in mornings.service.incidents.current()] == ["late"]
    mornings.all_accepted()
    finish(mornings.service, Report(accepted=1), SIX + 2 * HOUR)
    assert mornings.service.incidents.current() == []


def test_without_readers_nothing_is_late(live: Live) -> None:
    mornings = live(MORNING)
    mornings.publish("pier", SIX - HOUR)
    mornings.tick(SIX + 2 * HOUR)
    assert told(mornings) == []


def test_an_edition_with_half_of_the_usual_stories_is_thin(live: Live) -> None:
    mornings = live(MORNING)
    for day in range(4):
        at = SIX + day * DAY
        for n in range(5 if day < 3 else 2):
            mornings.publish(f"story{day}{n}", at - HOUR)
        mornings.tick(at)
        mornings.tick(at + HOUR)
    assert told(mornings) == ["thin: The Morning Tide of 2026-03-13 is thin: 2 stories, where 5 are usual"]


def test_the_heart_beats_only_while_no_morning_waits(live: Live) -> None:
    mornings = live(MORNING)
    assert is_awake(mornings.service, SIX)
    assert is_awake(mornings.service, SIX + HOUR + timedelta(minutes=29))
    assert not is_awake(mornings.service, SIX + HOUR + timedelta(minutes=31))
    mornings.tick(SIX + 2 * HOUR)
    assert is_awake(mornings.service, SIX + 2 * HOUR)


def test_an_edition_that_cannot_be_made_is_late(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    mornings = live(MORNING)
    mornings.join("ann", SIX - HOUR)
    mornings.tick(SIX - 2 * HOUR)
    mornings.publish("pier", SIX - HOUR)
    with monkeypatch.context() as patch:  # ends before the patch of `live`, which it stands on
        patch.setattr("digest.steps.editions.fit", _fails)
        for hours in (1, 2):
            with pytest.raises(TemplateError):
                mornings.tick(SIX + hours * HOUR)
    assert told(mornings)[0].startswith("late: The Morning Tide of 2026-03-10 was due at 07:00 UTC")


def _fails(_edition: Edition, _look: Look) -> None:
    raise TemplateError("edition.html, line 3: no such thing")
