"""Which stories of a rolling edition a reader had before, so that the splice leaves them out.

An edition looks up once which others tell the same stories; a reader's own past is then a few numbers of
editions, the same for all who read at the same hour, who share the pieces of their mail as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from digest.compose.window import is_material
from digest.model import Edition, Item, Letter, Sent, Subscription
from digest.ports import Deliveries, Retold
from digest.steps.service import Service

COVERED_DAYS = 40  # more than any edition covers
ZONES = timedelta(days=2)  # a reader's local date and the date of their edition lie no further apart


@dataclass(frozen=True, eq=False)
class Past:
    """The stories that an edition shares with others, by the other's number; `since`: the oldest of them."""

    stories: Mapping[int, frozenset[int]]
    since: date

    def had(self, editions: Iterable[int]) -> frozenset[int]:
        """The stories that a reader knows who got these editions."""
        return _union(self, tuple(edition for edition in editions if edition in self.stories))


def past_of(retold: Retold, rendering: int) -> Past | None:
    """What a rendering's edition shares with others; None where nothing.

    A story that came back because its news has changed is not the one readers had.
    """
    stories: dict[int, set[int]] = {}
    days = set()
    for edition, day, story, there, here in retold.shared(rendering):
        if not is_material(there, here):
            stories.setdefault(edition, set()).add(story)
            days.add(day)
    if not days:
        return None
    return Past({edition: frozenset(shared) for edition, shared in stories.items()}, min(days) - ZONES)


def remembered(deliveries: Deliveries, past: Past | None, letters: Sequence[Letter]) -> Sequence[Letter]:
    """The letters of one rendering, each with the stories that its reader had before."""
    if past is None:
        return letters
    earlier = deliveries.earlier(letters, past.since)
    return [letter._replace(had=past.had(earlier.get(letter.delivery, ()))) for letter in letters]


def known_to(service: Service, edition: Edition, reader: Subscription) -> frozenset[int]:
    """The stories of an edition not yet frozen that a reader has had."""
    since = edition.cutoff.date() - timedelta(days=COVERED_DAYS)
    here = {item.story.id: _told(item) for item in edition.items}
    past = (
        item
        for issue in service.deliveries.editions_since(reader, since)
        for item in service.editions.load(edition.newsletter, issue).items
        if item.story.id in here
    )
    return frozenset(item.story.id for item in past if not is_material(_told(item), here[item.story.id]))


def _told(item: Item) -> Sent:
    return Sent(item.story.title, item.story.lead)


@lru_cache(1024)
def _union(past: Past, editions: tuple[int, ...]) -> frozenset[int]:
    return frozenset().union(*(past.stories[edition] for edition in editions))
