"""Which story comes first: the editors' word, then the source's priority, then the newest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from digest.model import Story


def ranked(stories: Iterable[Story]) -> list[Story]:
    """Best first; the same stories always give the same order, whatever order they came in."""
    return sorted(
        stories, key=lambda story: (-story.pick, -story.priority, -story.published.timestamp(), story.id)
    )


def fresh_first(news: Iterable[Story], since: datetime | None) -> list[Story]:
    """Ranked `news` in the same order, but what readers may have had after what they cannot."""
    return sorted(news, key=lambda story: not is_fresh(story, since))


def is_fresh(story: Story, since: datetime | None) -> bool:
    """Whether nobody who was mailed at `since` can have had a story."""
    return since is None or story.updated or story.first_seen > since


def promising(news: Sequence[Story]) -> Story:
    """The lead story of ranked `news`, not empty: the best with lead and picture, among the picks first."""
    first = [story for story in news if story.pick] or list(news[:8])
    return max(first, key=lambda story: (bool(story.lead), story.picture is not None, -first.index(story)))
