"""Editors' changes: applied to whatever the day brings, taken back at will."""

from __future__ import annotations

from datetime import date

import pytest

from digest.compose.editing import arranged, changed, standing, with_promotions
from digest.compose.edition import compose
from digest.model import Edit, Edition, Role, Story, Verb
from tests.builders import NOON, newsletter, sections, story

LETTER = newsletter(sections=sections("World", "Sport"))
STORIES = [story(n, section="World" if n < 6 else "Sport") for n in range(1, 10)]


def edit(n: int, verb: Verb, number: int | None = None, **details: object) -> Edit:
    return Edit(n, verb, number, details, "ada@example.com", NOON)


def composed(*edits: Edit, stories: list[Story] = STORIES) -> Edition:
    return arranged(compose(LETTER, date(2026, 3, 10), changed(stories, edits), NOON), edits)


def _undo(n: int, undone: int) -> Edit:
    return Edit(n, Verb.UNDO, None, {"n": undone}, "ada@example.com", NOON)


def told(edition: Edition, role: Role | None = None, section: str = "") -> list[int]:
    return [
        item.story.id
        for item in edition.items
        if (role is None or item.role is role) and (not section or item.section == section)
    ]


def test_without_edits_nothing_is_changed() -> None:
    assert composed() == compose(LETTER, date(2026, 3, 10), STORIES, NOON)


def test_a_pinned_story_is_among_the_picks_and_one_made_lead_is_first() -> None:
    edition = composed(edit(1, Verb.PIN, 5), edit(2, Verb.TOP, 7))
    assert told(edition)[:2] == [7, 5]
    assert [item.role for item in edition.items[:2]] == [Role.LEAD, Role.PICK]
    assert edition.subject == "Headline 7"


def test_a_skipped_story_makes_room_for_the_next() -> None:
    stories = [story(n, section="Sport") for n in range(1, 8)]
    full = told(composed(stories=stories), Role.SECTION, "Sport")
    after = told(composed(edit(1, Verb.SKIP, full[0]), stories=stories), Role.SECTION, "Sport")
    assert full[0] not in after
    assert len(after) == len(full) == 4


def test_pinning_what_was_skipped_brings_it_back() -> None:
    assert 3 in told(composed(edit(1, Verb.SKIP, 3), edit(2, Verb.PIN, 3)))


def test_stories_change_places_and_places_keep_their_role() -> None:
    before = composed()
    world = [item.story.id for item in before.items if item.section == "World"]
    after = composed(edit(1, Verb.ABOVE, world[-1], other=world[0]))
    assert [item.story.id for item in after.items if item.section == "World"] == [world[-1], *world[:-1]]
    assert [(item.role, item.section) for item in after.items] == [
        (item.role, item.section) for item in before.items
    ]


def test_below_is_after() -> None:
    world = [item.story.id for item in composed().items if item.section == "World"]
    after = composed(edit(1, Verb.BELOW, world[0], other=world[1]))
    assert told(after, section="World")[:2] == [world[1], world[0]]


@pytest.mark.parametrize("other", [99, 6])
def test_a_story_moves_only_within_its_own_part(other: int) -> None:
    assert told(composed(edit(1, Verb.ABOVE, 3, other=other))) == told(composed())


def test_a_story_moves_to_another_section() -> None:
    assert 3 in told(composed(edit(1, Verb.SECTION, 3, section="Sport")), section="Sport")


def test_words_are_the_editors_and_marked_so() -> None:
    edits = (
        edit(1, Verb.TITLE, 3, text="Another headline"),
        edit(2, Verb.LEAD, 3, text="Another lead."),
        edit(3, Verb.PICTURE, 3, url="https://news.example.com/p.jpg", alt="A pier"),
    )
    [item] = [item for item in composed(*edits).items if item.story.id == 3]
    assert item.edited
    assert (item.story.title, item.story.lead) == ("Another headline", "Another lead.")
    assert item.story.picture
    assert item.story.picture.alt == "A pier"
    assert sum(item.edited for item in composed(*edits).items) == 1


def test_the_subject_follows_the_lead_unless_an_editor_set_it() -> None:
    lead = told(composed())[0]
    assert composed(edit(1, Verb.TITLE, lead, text="New")).subject == "New"
    assert composed(edit(1, Verb.SUBJECT, text="Mine"), edit(2, Verb.TOP, 7)).subject == "Mine"
    assert (
        composed(edit(1, Verb.SUBJECT, text="Mine"), edit(2, Verb.SUBJECT, text="")).subject == "Headline 1"
    )


def test_a_new_story_comes_in_whatever_was_edited() -> None:
    fresh = story(20, section="Sport", pick=True)
    assert 20 in told(composed(edit(1, Verb.TOP, 7), stories=[*STORIES, fresh]))


def test_an_edit_of_a_story_that_is_gone_does_nothing() -> None:
    assert told(composed(edit(1, Verb.TOP, 99), edit(2, Verb.TITLE, 98, text="x"))) == told(composed())


def test_taking_back_a_taking_back_makes_an_edit_stand_again() -> None:
    skip, undo, redo = edit(1, Verb.SKIP, 3), _undo(2, 1), _undo(3, 2)
    assert standing([skip, undo]) == []
    assert standing([skip, undo, redo]) == [skip]
    assert standing([]) == []


def test_booked_links_stand_at_the_end_of_their_section_or_at_the_foot() -> None:
    booked = [(story(30, promoted="Paid"), "World"), (story(31, promoted="Paid"), "")]
    edition = with_promotions(composed(), booked)
    ids = told(edition)
    assert ids[-1] == 31
    assert edition.items[ids.index(30) - 1].section == "World"
    assert edition.items[ids.index(30) + 1].section == "Sport"


def test_booked_links_go_before_those_of_feeds() -> None:
    feeds = [story(n, promoted="Ad") for n in (40, 41)]
    edition = with_promotions(composed(stories=[*STORIES, *feeds]), [(story(30, promoted="Paid"), "")])
    assert told(edition, Role.PROMOTED) == [40, 30]


def test_an_empty_edition_stays_empty() -> None:
    empty = Edition(LETTER, date(2026, 3, 10), (), "", "", NOON)
    assert arranged(empty, [edit(1, Verb.SUBJECT, text="x")]) == empty
    assert with_promotions(empty, [(story(30, promoted="Paid"), "")]) == empty
