"""What every table shares, and the newsletters that the others name."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite reuses deleted ids unless told not to (AUTOINCREMENT), and does so only for plain INTEGER keys.
Big = BigInteger().with_variant(Integer, "sqlite")


def ident() -> Column[int]:
    return Column("id", Big, primary_key=True, autoincrement=True)


# What a database knows of itself. "secret": a fingerprint of the secret that its suppressions are kept under.
about = Table(
    "about", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
)

newsletter = Table("newsletter", metadata, ident(), Column("slug", Text, nullable=False, unique=True))
