"""Eligible stories take their places: one lead, the editors' picks, sections in order, links, adverts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from digest.compose.rank import fresh_first, is_fresh, promising, ranked
from digest.model import Edition, Item, Newsletter, Role, Section, Story

MAX_PICKS = 5
MAX_PROMOTED = 2


def compose(
    newsletter: Newsletter,
    day: date,
    stories: Sequence[Story],
    cutoff: datetime,
    since: datetime | None = None,
) -> Edition:
    """The edition of `day` (the newsletter's home date) from eligible stories; no items where there are none.

    `max_stories` bounds what is told in full; links under "Also in …" come on top, each section's own number.
    What was seen first after `since`, the last morning of most of its readers, goes before what they may have
    had, so that a mail without the latter is still a full one.
    """
    promoted = [story for story in ranked(stories) if story.promoted][:MAX_PROMOTED]
    news = ranked(story for story in stories if not story.promoted)
    if not news:
        return Edition(newsletter, day, (), "", "", cutoff)
    news = fresh_first(news, since)
    lead = promising([story for story in news if is_fresh(story, since)] or news)
    rest = [story for story in news if story is not lead]
    picks = [story for story in rest if story.pick][: min(MAX_PICKS, newsletter.max_stories - 1)]
    rest = [story for story in rest if story not in picks]
    sections = _sections(newsletter, rest, newsletter.max_stories - 1 - len(picks))
    items = (
        Item(lead, Role.LEAD),
        *(Item(story, Role.PICK) for story in picks),
        *sections,
        *(Item(story, Role.PROMOTED) for story in promoted),
    )
    return Edition(newsletter, day, items, lead.title, preheader_of(items), cutoff)


def preheader_of(items: Iterable[Item]) -> str:
    """Two further headlines, never the subject again."""
    titles = [item.story.title for item in items if item.role in {Role.PICK, Role.SECTION}]
    return " · ".join(titles[:2])


def _sections(newsletter: Newsletter, stories: list[Story], room: int) -> list[Item]:
    """Section by section in the newsletter's order; full stories share `room` fairly, turn by turn."""
    shelves = {section: _shelf(section, stories) for section in _named(newsletter, stories)}
    shares = _share(shelves, room)
    items: list[Item] = []
    for section, shelf in shelves.items():
        full, links = shelf[: shares[section]], shelf[shares[section] :]
        items += [Item(story, Role.SECTION, section.name) for story in full]
        if full:
            items += [Item(story, Role.ALSO, section.name) for story in links[: section.also_in]]
    return items


def _share(shelves: dict[Section, list[Story]], room: int) -> dict[Section, int]:
    """How many full stories each section gets: one each in turn, so that the last section is not starved."""
    shares = dict.fromkeys(shelves, 0)
    for turn in range(max((section.limit for section in shelves), default=0)):
        for section, shelf in shelves.items():
            if room and turn < min(section.limit, len(shelf)):
                shares[section] += 1
                room -= 1
    return shares


def _named(newsletter: Newsletter, stories: Iterable[Story]) -> list[Section]:
    """The configured sections; where none are, the stories' own in order of their best story."""
    if newsletter.sections:
        return list(newsletter.sections)
    return [Section(name) for name in dict.fromkeys(story.section for story in stories)]


def _shelf(section: Section, stories: Iterable[Story]) -> list[Story]:
    return [story for story in stories if story.section.casefold() == section.name.casefold()]
