"""What came back and counted, and what an operator took back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "returned",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_returned")),
    )
    op.create_index("ix_returned_kind_at", "returned", ["kind", "at"], unique=False)
    op.create_table(
        "lifted",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("address_hmac", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("lifted_at", BIG, nullable=False),
        sa.Column("lifted_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifted")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lifted_address_hmac", "lifted", ["address_hmac"], unique=False)


def downgrade() -> None:
    op.drop_table("lifted")
    op.drop_table("returned")
