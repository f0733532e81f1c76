"""What the API keeps: keys, answers that may be asked for again, and events for others' servers."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, SmallInteger, Table, Text

from digest.store.tables.base import Big, ident, metadata

api_key = Table(
    "api_key",
    metadata,
    ident(),
    Column("name", Text, nullable=False, unique=True),
    Column("handle", Text, nullable=False, unique=True),  # the part of it that is no secret
    Column("hash", LargeBinary, nullable=False),  # SHA-256 of the whole: 256 random bits need no slow hash
    Column("scopes", Text, nullable=False),  # model.Scope, with spaces between
    Column("created", Big, nullable=False),
    sqlite_autoincrement=True,
)

# The answer to a POST that named itself (Idempotency-Key), for whoever sends it again. Gone after a day.
idempotency = Table(
    "idempotency",
    metadata,
    Column("api_key", Big, ForeignKey("api_key.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request", LargeBinary, nullable=False),  # SHA-256 of what was asked
    Column("at", Big, nullable=False),
    Column("status", SmallInteger),  # NULL while it is being worked on
    Column("body", LargeBinary),
    Index("ix_idempotency_at", "at"),
)

# One event for one server, until it has been taken there. Written in the transaction of what it tells.
hook = Table(
    "hook",
    metadata,
    ident(),
    Column("ref", Text, nullable=False),  # the same at every attempt
    Column("url", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("data", Text, nullable=False),  # JSON
    Column("at", Big, nullable=False),
    Column("next_at", Big),  # NULL once it was taken, or given up
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("reply", Text, nullable=False, default=""),  # of the last attempt
    Index("ix_hook_next_at", "next_at"),
    Index("ix_hook_at", "at"),
    sqlite_autoincrement=True,
)
