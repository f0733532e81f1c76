"""Indexes for statistics; what the API and its hooks keep."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for column in ("confirmed_at", "left_at"):
        some = sa.text(f"{column} IS NOT NULL")
        name = f"ix_subscription_newsletter_{column}"
        op.create_index(
            name, "subscription", ["newsletter", column], sqlite_where=some, postgresql_where=some
        )
    op.create_index("ix_suppression_at", "suppression", ["at"])
    op.create_index("ix_strike_at", "strike", ["at"])
    # When a suppressed subscription ended was not kept before.
    op.execute(
        "UPDATE subscription SET left_at = coalesce(confirmed_at, asked_at)"
        " WHERE state = 'suppressed' AND left_at IS NULL"
    )
    _tables()


def _tables() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("name", name=op.f("uq_api_key_name")),
        sa.UniqueConstraint("handle", name=op.f("uq_api_key_handle")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "idempotency",
        sa.Column("api_key", _BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("at", _BIG, nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["api_key"], ["api_key.id"], name=op.f("fk_idempotency_api_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("api_key", "key", name=op.f("pk_idempotency")),
    )
    op.create_index("ix_idempotency_at", "idempotency", ["at"])
    op.create_table(
        "hook",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", _BIG, nullable=False),
        sa.Column("next_at", _BIG, nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hook_next_at", "hook", ["next_at"])
    op.create_index("ix_hook_at", "hook", ["at"])
