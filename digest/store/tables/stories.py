"""Sources, stories, every version of their text, and their pictures."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from digest.store.tables.base import Big, ident, metadata

source = Table(
    "source",
    metadata,
    ident(),
    Column("name", Text, nullable=False, unique=True),
    Column("state", JSON, nullable=False),  # a SourceState: what the next visit must know
    Column("last_run", Big),
    Column("last_visit", JSON(none_as_null=True)),  # what it came to, for people
)

story = Table(
    "story",
    metadata,
    ident(),
    Column("source", Big, ForeignKey("source.id"), nullable=False),
    Column("identity", Text, nullable=False),
    Column("canonical", Text, nullable=False),
    Column("first_seen", Big, nullable=False),
    Column("published", Big, nullable=False),
    Column("version", Integer, nullable=False),
    Column("had", Boolean, nullable=False, default=False),  # stored on a source's first run, too old to mail
    Column("same_as", Big, ForeignKey("story.id")),  # the same report, carried by another source
    UniqueConstraint("source", "identity"),
    Index("ix_story_canonical", "canonical"),
    Index("ix_story_published", "published"),
    Index("ix_story_first_seen", "first_seen"),
    sqlite_autoincrement=True,
)

story_version = Table(
    "story_version",
    metadata,
    Column("story", Big, ForeignKey("story.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("seen", Big, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", JSON, nullable=False),  # everything else a Found says, and its lead
)

# Pictures that our own pages are to serve, by where they came from. A file is called after its content.
picture = Table(
    "picture",
    metadata,
    Column("url", Text, primary_key=True),
    Column("private", Boolean, nullable=False),  # its source may live in a private network
    Column("wanted", Big, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Big),  # NULL: we have it, or gave it up
    Column("name", Text, nullable=False),  # of the file; "" until we have it
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("reason", Text, nullable=False),  # of the last failure
    Index("ix_picture_next_at", "next_at"),
)
