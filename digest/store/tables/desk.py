"""The desk: who may sign in, what they did, and what an editor changed in a draft."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from digest.store.tables.base import Big, ident, metadata

# Who may sign in. Called account because USER is a reserved word in SQL.
account = Table(
    "account",
    metadata,
    ident(),
    Column("address", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),  # argon2id, as its library writes it; "" where none can match
    Column("role", Text, nullable=False),  # model.Duty: operator | editor | viewer
    Column("created", Big, nullable=False),
    sqlite_autoincrement=True,
)

# A browser that is signed in. What its cookie holds is stored as a hash: who reads this table is nobody.
session = Table(
    "session",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("account", Big, ForeignKey("account.id"), nullable=False),
    Column("created", Big, nullable=False),
    Column("seen", Big, nullable=False),
    Index("ix_session_account", "account"),
)

audit = Table(
    "audit",
    metadata,
    ident(),
    Column("at", Big, nullable=False),
    Column("who", Text, nullable=False),
    Column("did", Text, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Index("ix_audit_at", "at"),
)

# What editors did to a date's edition, in order, never changed: undoing is one more row. `n` counts from 1,
# so that of two editors who saw the same state the unique key lets only the first go on.
edition_edit = Table(
    "edition_edit",
    metadata,
    ident(),
    Column("newsletter", Big, ForeignKey("newsletter.id"), nullable=False),
    Column("date", Date, nullable=False),
    Column("n", Integer, nullable=False),
    Column("verb", Text, nullable=False),
    Column("story", Big),
    Column("details", JSON, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Big, nullable=False),
    UniqueConstraint("newsletter", "date", "n"),
)

# A promoted link booked for a date, by whom. Its words are a story of the source "desk".
promotion = Table(
    "promotion",
    metadata,
    ident(),
    Column("newsletter", Big, ForeignKey("newsletter.id"), nullable=False),
    Column("date", Date, nullable=False),
    Column("section", Text, nullable=False, default=""),  # the section it ends; "" at the foot
    Column("story", Big, ForeignKey("story.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Big, nullable=False),
    Index("ix_promotion_newsletter_date", "newsletter", "date"),
    sqlite_autoincrement=True,
)
