"""Eligible stories take their places."""

from __future__ import annotations

from datetime import date, timedelta

from digest.compose.edition import compose
from digest.model import Edition, Newsletter, Picture, Role, Section, Story
from tests.builders import NOON, newsletter, sections, story

DAY = date(2026, 3, 10)


def composed(stories: list[Story], letter: Newsletter | None = None) -> Edition:
    return compose(letter or newsletter(), DAY, stories, NOON)


def places(edition: Edition, role: Role) -> list[int]:
    return [item.story.id for item in edition.items if item.role is role]


def test_no_stories_make_an_edition_without_items() -> None:
    assert composed([]).items == ()
    assert composed([story(1, promoted="Advertisement")]).items == ()


def test_the_subject_is_the_lead_storys_headline_and_the_preheader_two_others() -> None:
    edition = composed([story(n) for n in (1, 2, 3, 4)])
    assert edition.subject == "Headline 1"
    assert edition.preheader == "Headline 2 · Headline 3"


def test_editors_choices_come_first_and_the_best_of_them_leads() -> None:
    stories = [
        story(1),
        story(2, pick=True),
        story(3, pick=True, picture=Picture("https://news.example.com/a.jpg")),
    ]
    edition = composed(stories)
    assert places(edition, Role.LEAD) == [3]
    assert places(edition, Role.PICK) == [2]
    assert places(edition, Role.SECTION) == [1]


def test_sections_stand_in_the_newsletters_order_whatever_came_first() -> None:
    stories = [story(1), story(2, section="Sport"), story(3, section="World"), story(4, section="sport")]
    edition = composed(stories, newsletter(sections=sections("Sport", "World")))
    told = [(item.section, item.story.id) for item in edition.items if item.role is Role.SECTION]
    assert told == [("Sport", 2), ("Sport", 4), ("World", 3)]


def test_what_does_not_fit_a_section_is_linked_under_also_in() -> None:
    letter = newsletter(sections=(Section("World", limit=2, also_in=3),))
    edition = composed([story(n) for n in range(1, 10)], letter)
    assert places(edition, Role.LEAD) == [1]
    assert places(edition, Role.SECTION) == [2, 3]
    assert places(edition, Role.ALSO) == [4, 5, 6]


def test_full_stories_are_shared_out_so_that_no_section_is_starved() -> None:
    stories = [story(n, section="World") for n in range(1, 8)] + [story(9, section="Sport")]
    edition = composed(stories, newsletter(sections=sections("World", "Sport"), max_stories=4))
    assert places(edition, Role.SECTION) == [2, 3, 9]


def test_paid_links_come_last_and_two_at_most() -> None:
    stories = [story(1), *(story(n, promoted="Advertisement") for n in (2, 3, 4))]
    edition = composed(stories)
    assert places(edition, Role.PROMOTED) == [2, 3]
    assert edition.items[-1].role is Role.PROMOTED


def test_a_section_that_nobody_configured_is_left_out() -> None:
    stories = [story(1), story(2, section="Gardening")]
    edition = composed(stories, newsletter(sections=sections("World")))
    assert [item.story.id for item in edition.items] == [1]


def test_the_same_stories_give_the_same_edition_in_whatever_order_they_came() -> None:
    stories = [story(n, published=NOON - timedelta(hours=n % 3)) for n in range(1, 9)]
    assert composed(stories) == composed(stories[::-1])


def test_a_source_with_priority_goes_before_a_newer_story() -> None:
    old = story(9, priority=1, published=NOON - timedelta(hours=20))
    assert composed([story(1), old]).items[0].story.id == 9


def test_what_readers_cannot_have_had_goes_before_what_they_may() -> None:
    seen = NOON - timedelta(hours=24)
    had = [story(n, first_seen=seen - timedelta(hours=1), pick=n == 1) for n in (1, 2, 3)]
    fresh = [story(n, published=NOON - timedelta(hours=30)) for n in (7, 8)]
    edition = compose(newsletter(max_stories=4), DAY, [*had, *fresh], NOON, seen)
    assert places(edition, Role.LEAD) == [7]
    assert [item.story.id for item in edition.items[:4]] == [7, 1, 8, 2]
