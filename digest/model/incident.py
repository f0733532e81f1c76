"""What went wrong, and what was stopped for it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Incident(NamedTuple):
    """One thing that went wrong, in a plain sentence."""

    id: int
    key: str
    kind: str
    text: str
    opened: datetime


# Why an edition is held that was being sent when the backup was taken.
RESTORED = "restored from a backup: whoever got it after the backup would get it again"


class Pause(NamedTuple):
    """What is stopped, and why: scope "all", "edition:ID" or "domain:NAME"; `until` None needs a person."""

    scope: str
    reason: str
    since: datetime
    until: datetime | None

    @property
    def is_restored(self) -> bool:
        """Whether a restored backup holds it: lifted by name alone."""
        return self.reason == RESTORED
