"""The desk: accounts, sessions, edits, promoted links; what was told of an incident."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _people()
    _editions()
    op.add_column("edition", sa.Column("correction", sa.Text(), nullable=True))
    op.add_column("edition", sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("edition_item", sa.Column("edited", sa.JSON(), nullable=True))
    op.add_column("incident", sa.Column("reminded", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("incident", sa.Column("ended", BIG, nullable=True))
    op.execute("UPDATE incident SET ended = closed")  # nobody is told today of what ended long ago


def _people() -> None:
    op.create_table(
        "account",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("address", name=op.f("uq_account_address")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "session",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("account", BIG, nullable=False),
        sa.Column("created", BIG, nullable=False),
        sa.Column("seen", BIG, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_session_account")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_session")),
    )
    op.create_index("ix_session_account", "session", ["account"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)


def _editions() -> None:
    op.create_table(
        "edition_edit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("newsletter", BIG, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("story", BIG, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["newsletter"], ["newsletter.id"], name=op.f("fk_edition_edit_newsletter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_edit")),
        sa.UniqueConstraint("newsletter", "date", "n", name=op.f("uq_edition_edit_newsletter_date_n")),
    )
    op.create_table(
        "promotion",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("newsletter", BIG, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("story", BIG, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["newsletter"], ["newsletter.id"], name=op.f("fk_promotion_newsletter")),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_promotion_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_promotion_newsletter_date", "promotion", ["newsletter", "date"], unique=False)
