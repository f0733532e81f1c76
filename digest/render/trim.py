"""An edition that Gmail would clip is cut before it is frozen, by a stated rule, and says what it lost."""

from __future__ import annotations

import quopri
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from digest.model import Edition, Item, Look, Rendering, Role
from digest.render.edition import render
from digest.render.rules import LIMIT

# Slots are shorter than what they are filled with: three links with tokens, an address, a greeting.
SPARE = 1024
CUT_FIRST = (Role.ALSO, Role.SECTION)  # the lead story, editors' choices and promoted links stay


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The edition that fits, what was cut, and a sentence on it ("" when nothing was)."""

    edition: Edition
    cut: tuple[Item, ...] = ()
    sentence: str = ""


def fit(edition: Edition, look: Look, locale: str = "") -> tuple[Trimmed, Rendering]:
    """The edition as it fits, and its rendering; rendered a second time only where something was cut."""
    rendering = render(edition, look, locale)
    trimmed = trim(edition, rendering)
    return trimmed, render(trimmed.edition, look, locale) if trimmed.cut else rendering


def trim(edition: Edition, rendering: Rendering, limit: int = LIMIT) -> Trimmed:
    """The edition cut to `limit` bytes of HTML, given its rendering; render it again if anything was cut.

    The rule: first the "also" links, then the stories of sections, each time the last of the section that
    has most left; never the lead, a pick or a promoted link.
    """
    sizes = {
        segment.story: _size(segment.html) for segment in rendering.segments if segment.story is not None
    }
    excess = sum(_size(segment.html) for segment in rendering.segments) + SPARE - limit
    cut: list[Item] = []
    for item in _least_first(edition):
        if excess <= 0:
            break
        cut.append(item)
        excess -= sizes[item.story.id]
    if not cut:
        return Trimmed(edition)
    lost = {item.story.id for item in cut}
    items = tuple(item for item in edition.items if item.story.id not in lost)
    return Trimmed(replace(edition, items=items), tuple(cut), _sentence(cut, limit))


def _size(encoded: bytes) -> int:
    return len(quopri.decodestring(encoded))


def _least_first(edition: Edition) -> Iterator[Item]:
    for role in CUT_FIRST:
        left = [item for item in edition.items if item.role is role]
        while left:
            counts = Counter(item.section for item in left)
            most = max(counts.values())
            item = next(item for item in reversed(left) if counts[item.section] == most)
            left.remove(item)
            yield item


def _sentence(cut: list[Item], limit: int) -> str:
    links = sum(item.role is Role.ALSO for item in cut)
    stories = [item.story.title for item in cut if item.role is not Role.ALSO]
    what = [f"{links} “also” link{'s' * (links > 1)}"] if links else []
    if stories:
        what.append(f"{len(stories)} stor{'ies' if len(stories) > 1 else 'y'} ({'; '.join(stories)})")
    return (
        f"The edition was cut by {' and '.join(what)} to stay under {limit // 1024} KiB; Gmail clips at 102."
    )
