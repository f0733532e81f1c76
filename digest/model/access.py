"""Who may use the API, and for what."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple


class Scope(enum.StrEnum):
    """What a key allows."""

    READ = "read"  # everything there is, readers' addresses included
    STORIES = "stories:write"  # post stories
    EDITIONS = "editions:write"  # change, approve, hold, stop and correct editions
    SUBSCRIBERS = "subscribers:write"  # subscribe, change, unsubscribe, suppress


class ApiKey(NamedTuple):
    """A key, without what is secret of it."""

    id: int
    name: str
    scopes: frozenset[Scope]
    created: datetime

    @property
    def who(self) -> str:
        """What its program is called in the log, and in the history of an edition."""
        return f"api {self.name}"
