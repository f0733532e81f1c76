"""Editions, their items, and their renderings."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from digest.store.tables.base import Big, ident, metadata

edition = Table(
    "edition",
    metadata,
    ident(),
    Column("newsletter", Big, ForeignKey("newsletter.id"), nullable=False),
    Column("date", Date, nullable=False),
    Column("wave", Text, nullable=False, default=""),
    Column("cutoff", Big, nullable=False),
    Column("state", Text, nullable=False),
    Column("subject", Text, nullable=False, default=""),
    Column("preheader", Text, nullable=False, default=""),
    Column("approved", Boolean, nullable=False, default=False),
    Column("held", Boolean, nullable=False, default=False),
    Column("frozen_at", Big),
    Column("reason", Text, nullable=False, default=""),  # why empty, missed or cancelled
    Column("home", Boolean, nullable=False, default=True),  # of a date's waves the home zone's: the archive's
    Column("correction", Text),  # what a correction says on top; NULL where there was none
    Column("hidden", Boolean, nullable=False, server_default=false()),  # kept out of the public archive
    UniqueConstraint("newsletter", "date", "wave"),
    sqlite_autoincrement=True,
)

edition_item = Table(
    "edition_item",
    metadata,
    Column("edition", Big, ForeignKey("edition.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("story", Big, ForeignKey("story.id"), nullable=False),
    Column("story_version", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("section", Text, nullable=False, default=""),
    Column("updated", Boolean, nullable=False, default=False),  # came back, materially corrected
    Column("edited", JSON(none_as_null=True)),  # an editor's words; NULL: the story's own
    UniqueConstraint("edition", "story"),
    Index("ix_edition_item_story", "story"),
)

# A correction on its way to those who have an earlier revision. `after` is the last delivery whose reader was
# written to, moved in the transaction that puts the mails in.
telling = Table(
    "telling",
    metadata,
    ident(),
    Column("edition", Big, ForeignKey("edition.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Column("after", Big, nullable=False),
    Column("asked", Big, nullable=False),
    Column("done", Big),
    UniqueConstraint("edition", "revision"),
    sqlite_autoincrement=True,
)

rendering = Table(
    "rendering",
    metadata,
    ident(),
    Column("edition", Big, ForeignKey("edition.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("locale", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # store/renderings.py packs and unpacks it
    UniqueConstraint("edition", "revision", "locale"),
)
