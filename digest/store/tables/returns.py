"""What came back and counted, and what an operator took back."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from digest.store.tables.base import Big, ident, metadata

# One row a returned mail or provider's notice that was ours. The same again finds its key taken, and does
# nothing; a reader's address is not kept, only its domain, by which complaints are counted.
returned = Table(
    "returned",
    metadata,
    Column("key", Text, primary_key=True),  # SHA-256 of what came
    Column("kind", Text, nullable=False),  # hard | soft | complaint
    Column("domain", Text, nullable=False),
    Column("at", Big, nullable=False),
    Index("ix_returned_kind_at", "kind", "at"),
)

# A suppression that was lifted: what it had been, when, and who said so.
lifted = Table(
    "lifted",
    metadata,
    ident(),
    Column("address_hmac", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", Big, nullable=False),  # suppressed
    Column("lifted_at", Big, nullable=False),
    Column("lifted_by", Text, nullable=False),
    Index("ix_lifted_address_hmac", "address_hmac"),
    sqlite_autoincrement=True,
)
