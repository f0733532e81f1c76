"""Every table, once. Times are integer UTC seconds; dates of deliveries are the reader's local date,
dates of editions the newsletter's. The unique keys here are what keeps anyone from getting two.
"""

from __future__ import annotations

from digest.store.tables.base import Big, metadata, newsletter
from digest.store.tables.editions import edition, edition_item, rendering
from digest.store.tables.ledger import (
    batch,
    delivery,
    had,
    incident,
    outbox,
    pace,
    pause,
    strike,
    tally,
    worker,
)
from digest.store.tables.pages import asked, attempt, move
from digest.store.tables.readers import moment, subscriber, subscription, suppression
from digest.store.tables.stories import source, story, story_version

__all__ = [
    "Big",
    "asked",
    "attempt",
    "batch",
    "delivery",
    "edition",
    "edition_item",
    "had",
    "incident",
    "metadata",
    "moment",
    "move",
    "newsletter",
    "outbox",
    "pace",
    "pause",
    "rendering",
    "source",
    "story",
    "story_version",
    "strike",
    "subscriber",
    "subscription",
    "suppression",
    "tally",
    "worker",
]
