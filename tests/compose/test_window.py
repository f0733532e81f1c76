"""Which stories an edition may hold, and why it may hold none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.compose.window import Window, eligible, is_material, why_none
from digest.model import Sent, Story
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


@pytest.mark.parametrize(
    ("title", "lead", "material"),
    [
        ("Fire closes the harbour", "Two boats burned in the night.", False),
        ("Fire closes the harbor", "Two boats burned in the night.", False),
        ("FIRE closes the harbour!", "Two boats burned in the night, the watch said.", False),
        ("Harbour open again after the fire", "Two boats burned in the night.", True),
        ("Fire closes the harbour", "A baker has admitted that he set the harbour alight.", True),
        ("Fire closes the harbour", "", False),
    ],
)
def test_a_correction_is_material_where_headline_or_lead_tells_other_news(
    title: str, lead: str, material: bool
) -> None:
    sent = Sent("Fire closes the harbour", "Two boats burned in the night.")
    assert is_material(sent, Sent(title, lead)) is material


def test_japanese_has_no_spaces_and_is_compared_by_character() -> None:
    sent = Sent("港で火災、漁船二隻が燃える", "")
    assert not is_material(sent, Sent("港で火災、漁船三隻が燃える", ""))
    assert is_material(sent, Sent("春の市が日曜日に開かれる", ""))


def test_a_story_that_was_sent_comes_again_only_where_its_news_has_changed() -> None:
    told = {7: Sent("An altogether different line", "Of other news."), 8: Sent("Headline 8", "Lead 8.")}
    window = Window(NOON, had=frozenset({7, 8}), told=told)
    [again] = eligible([story(7), story(8)], window)
    assert (again.id, again.updated) == (7, True)
    [fresh] = eligible([story(9, updated=True)], window)
    assert not fresh.updated, "corrected before it was ever sent"
