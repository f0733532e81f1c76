"""Who may use the API, and for what."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple


class Scope(enum.StrEnum):
    """What a key allows."""

    READ = "read"  # everything there is, readers' addresses included
    STORIES = "stories:write"  # post stories
    SUBSCRIBERS = "subscribers:write"  # subscribe, change, unsubscribe, suppress


class ApiKey(NamedTuple):
    """A key, without what is secret of it."""

    id: int
    name: str
    scopes: frozenset[Scope]
    created: datetime
