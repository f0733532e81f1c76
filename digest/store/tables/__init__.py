"""Every table, once. Times are integer UTC seconds; dates of deliveries are the reader's local date,
dates of editions the newsletter's. The unique keys here are what keeps anyone from getting two.
"""

from __future__ import annotations

from digest.store.tables.api import api_key, hook, idempotency
from digest.store.tables.base import Big, about, metadata, newsletter
from digest.store.tables.desk import account, audit, edition_edit, promotion, session
from digest.store.tables.editions import edition, edition_item, rendering, telling
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
from digest.store.tables.pages import asked, attempt, click, move
from digest.store.tables.readers import moment, subscriber, subscription, suppression
from digest.store.tables.returns import lifted, returned
from digest.store.tables.stories import picture, source, story, story_version

__all__ = [
    "Big",
    "about",
    "account",
    "api_key",
    "asked",
    "attempt",
    "audit",
    "batch",
    "click",
    "delivery",
    "edition",
    "edition_edit",
    "edition_item",
    "had",
    "hook",
    "idempotency",
    "incident",
    "lifted",
    "metadata",
    "moment",
    "move",
    "newsletter",
    "outbox",
    "pace",
    "pause",
    "picture",
    "promotion",
    "rendering",
    "returned",
    "session",
    "source",
    "story",
    "story_version",
    "strike",
    "subscriber",
    "subscription",
    "suppression",
    "tally",
    "telling",
    "worker",
]
