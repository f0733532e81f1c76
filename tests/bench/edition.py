"""A morning of twenty-four stories in six sections, as large as a real one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import cycle, pairwise

from digest.model import Edition, Item, Look, Newsletter, Picture, Rendering, Role, Section, Story
from digest.render.edition import render

SECTIONS = ("World", "Europe", "Business", "Science", "Culture", "Sport")
STORIES = 24
MORNING = datetime(2026, 1, 1, 7, tzinfo=UTC)
SENTENCES = (
    "The harbour council voted on Tuesday to keep the old ferry running through the winter, after a debate "
    "that lasted until midnight and filled the gallery with fishermen, commuters and schoolchildren.",
    "Engineers who have watched the dam for eleven years say that the new gates, finished a month early and "
    "under their budget, will protect the lower town from a flood that comes once in two centuries.",
    "A choir of four hundred amateurs opened the festival with a work that its composer had thought lost, "
    "and that a cleaner found behind a radiator when the concert hall was painted last spring.",
)


def newsletter() -> Newsletter:
    sections = tuple(Section(name) for name in SECTIONS)
    return Newsletter(
        "morning", "World News", "World News <news@example.com>", send_at=time(7), sections=sections
    )


def story(number: int, section: str, text: str) -> Story:
    return Story(
        id=number,
        version=1,
        source="wire",
        first_seen=MORNING,
        published=MORNING,
        url=f"https://www.example.com/{section.lower()}/story-{number}",
        title=f"Council keeps ferry number {number} running through a hard winter",
        section=section,
        lead=text,
        byline="A Reporter",
        agency="Example Agency",
        picture=Picture(f"https://www.example.com/pictures/{number}.jpg", "A ferry in the harbour"),
    )


def choices() -> list[str]:
    """What readers chose: all sections, or four of the six in turn."""
    some = [[name for name in SECTIONS if name not in {a, b}] for a, b in pairwise(SECTIONS)]
    return ["", *(json.dumps(chosen) for chosen in some)]


@cache
def rendering() -> Rendering:
    texts = cycle(SENTENCES)
    sections = [SECTIONS[n * len(SECTIONS) // STORIES] for n in range(STORIES)]
    items = tuple(
        Item(story(n + 1, section, next(texts)), Role.SECTION, section) for n, section in enumerate(sections)
    )
    edition = Edition(
        newsletter(), date(2026, 1, 1), items, "Council keeps the ferry running", "And 23 more", MORNING
    )
    return render(edition, Look(site="World News", url="https://news.example.com", postal_address="1 Quay"))
