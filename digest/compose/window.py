"""Which stored stories an edition may hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from digest.model import Sent, Story

MIN_AGE = timedelta(hours=36)
SAME_HEADLINE = 2 / 3  # of its words, in order, a headline keeps when its spelling or a name is put right
SAME_LEAD = 1 / 2  # a lead is longer, and reworded more freely while its news stays the same
_WORD = re.compile(r"[^\W\u3040-\u9fff]+|[\u3040-\u9fff]")  # Japanese and Chinese part no words: by character


@dataclass(frozen=True, slots=True)
class Window:
    """The time an edition covers: stories first seen by `cutoff`, published after `opens`.

    `opens` lies 36 hours before the cut-off or at the last edition's, whichever is earlier, so that a
    weekly covers its week and a late feed is not lost overnight. `had` holds the stories of earlier
    editions of the same newsletter; `told` the words of those whose text has changed since.
    """

    cutoff: datetime
    last_cutoff: datetime | None = None
    had: frozenset[int] = frozenset()
    told: Mapping[int, Sent] = field(default_factory=dict)

    @property
    def opens(self) -> datetime:
        floor = self.cutoff - MIN_AGE
        return min(floor, self.last_cutoff) if self.last_cutoff else floor

    def refusal(self, story: Story) -> str:
        """Why a story is not for this edition; "" where it is."""
        if story.first_seen > self.cutoff:
            return "first seen after the cut-off"
        if story.published > self.cutoff:
            return "dated in the future"
        if story.id in self.had and not self.came_back(story):
            return "in an earlier edition"
        if story.published < self.opens:
            return "too old"
        return ""

    def came_back(self, story: Story) -> bool:
        """Whether readers know this story, but not this news: it may come again, marked as updated."""
        sent = self.told.get(story.id)
        return sent is not None and is_material(sent, Sent(story.title, story.lead))


def is_material(sent: Sent, now: Sent) -> bool:
    """Whether a correction changes the news: a third of the headline's words, or half of the lead's.

    A lead that was missing when the story was sent, or is missing now, says nothing.
    """
    if sent == now:
        return False
    if _likeness(sent.title, now.title) < SAME_HEADLINE:
        return True
    return bool(sent.lead and now.lead) and _likeness(sent.lead, now.lead) < SAME_LEAD


def eligible(stories: Iterable[Story], window: Window) -> list[Story]:
    """The stories that this edition may hold, in the order given; marked as updated where they came back."""
    return [replace(story, updated=window.came_back(story)) for story in stories if not window.refusal(story)]


def why_none(stories: Iterable[Story], window: Window) -> str:
    """One sentence on why an edition is empty, for `preview` and the record."""
    reasons = Counter(window.refusal(story) for story in stories)
    reasons.pop("", None)
    if not reasons:
        return f"no story is stored that was published after {window.opens:%Y-%m-%d %H:%M} UTC"
    told = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    return f"no story is eligible: {told} (cut-off {window.cutoff:%Y-%m-%d %H:%M} UTC)"


def _likeness(sent: str, now: str) -> float:
    """The share of words that two texts have in common, in the same order: 1 for the same words."""
    return SequenceMatcher(None, _words(sent), _words(now), autojunk=False).ratio()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
