"""Which stories an edition may hold, and why it may hold none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.compose import Window, eligible, why_none
from digest.model import Story
from tests.builders import NOON, story

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (story(first_seen=NOON + HOUR), "first seen after the cut-off"),
        (story(published=NOON + HOUR), "dated in the future"),
        (story(7), "in an earlier edition"),
        (story(published=NOON - 37 * HOUR), "too old"),
        (story(), ""),
        (story(first_seen=NOON), ""),
    ],
)
def test_each_refusal_has_its_reason(refused: Story, why: str) -> None:
    window = Window(NOON, had=frozenset({7}))
    assert window.refusal(refused) == why
    assert bool(eligible([refused], window)) is (why == "")


def test_the_window_opens_36_hours_before_or_at_the_last_edition() -> None:
    assert Window(NOON).opens == NOON - 36 * HOUR
    assert Window(NOON, NOON - 24 * HOUR).opens == NOON - 36 * HOUR
    assert Window(NOON, NOON - 7 * 24 * HOUR).opens == NOON - 7 * 24 * HOUR


def test_an_empty_edition_says_why() -> None:
    stories = [story(1, published=NOON - 40 * HOUR), story(2), story(3)]
    told = why_none(stories, Window(NOON, had=frozenset({2, 3})))
    assert told == ("no story is eligible: 2 in an earlier edition, 1 too old (cut-off 2026-03-10 12:00 UTC)")
    assert why_none([], Window(NOON)).startswith("no story is stored")
