"""Which stored stories an edition may hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.model import Story

MIN_AGE = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Window:
    """The time an edition covers: stories first seen by `cutoff`, published after `opens`.

    `opens` lies 36 hours before the cut-off or at the last edition's, whichever is earlier, so that a
    weekly covers its week and a late feed is not lost overnight. `had` holds the stories of earlier
    editions of the same newsletter.
    """

    cutoff: datetime
    last_cutoff: datetime | None = None
    had: frozenset[int] = frozenset()

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
        if story.id in self.had:
            return "in an earlier edition"
        if story.published < self.opens:
            return "too old"
        return ""


def eligible(stories: Iterable[Story], window: Window) -> list[Story]:
    """The stories that this edition may hold, in the order given."""
    return [story for story in stories if not window.refusal(story)]


def why_none(stories: Iterable[Story], window: Window) -> str:
    """One sentence on why an edition is empty, for `preview` and the record."""
    reasons = Counter(window.refusal(story) for story in stories)
    reasons.pop("", None)
    if not reasons:
        return f"no story is stored that was published after {window.opens:%Y-%m-%d %H:%M} UTC"
    told = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    return f"no story is eligible: {told} (cut-off {window.cutoff:%Y-%m-%d %H:%M} UTC)"
