"""Newsletters as the tables know them: a number for each slug. Their settings stay in the configuration."""

from __future__ import annotations

from sqlalchemy import Connection

from digest.store import tables
from digest.store.database import ensure


def newsletter_id(connection: Connection, slug: str) -> int:
    """The id of a newsletter, made at first asking; inside a write."""
    return ensure(connection, tables.newsletter, {"slug": slug})
