"""What the pages keep: what strangers asked for, and how often."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, Table, Text

from digest.store.tables.base import Big, ident, metadata

# What strangers did, one row each, for the limits: key "ip:192.0.2.7", "box:…", "form:…". Gone after a day.
attempt = Table(
    "attempt",
    metadata,
    ident(),
    Column("key", Text, nullable=False),
    Column("at", Big, nullable=False),
    Index("ix_attempt_key_at", "key", "at"),
)

# What was asked for on a page, until it has been looked at: the answer comes before, the same for everyone.
asked = Table(
    "asked",
    metadata,
    ident(),
    Column("kind", Text, nullable=False),  # subscribe | preferences | move
    Column("address", Text, nullable=False),
    Column("newsletter", Text, nullable=False),
    Column("ref", LargeBinary),  # of the subscription that moves
    Column("origin", Text, nullable=False),
    Column("zone", Text, nullable=False, server_default=""),  # chosen with it; "": the newsletter's own
    Column("at", Big, nullable=False),
    Column("next_at", Big, nullable=False),  # looked at by somebody else until then
    Index("ix_asked_next_at", "next_at"),
)

# A new address, to be confirmed at that address.
move = Table(
    "move",
    metadata,
    Column("ref", LargeBinary, primary_key=True),  # 16 random bytes; what its token carries
    Column("subscriber", Big, ForeignKey("subscriber.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("asked_at", Big, nullable=False),
    Index("ix_move_subscriber", "subscriber"),
)

# How often a story of an edition was gone to by its link, by day (UTC). Nobody's name is in it.
click = Table(
    "click",
    metadata,
    Column("edition", Big, ForeignKey("edition.id"), primary_key=True, autoincrement=False),
    Column("story", Big, ForeignKey("story.id"), primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("count", Big, nullable=False),
)
