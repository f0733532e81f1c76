"""What a returned mail said of an address, beside that it counts; corrections on their way to readers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("strike", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "telling",
        sa.Column("id", big, autoincrement=True, nullable=False),
        sa.Column("edition", big, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("after", big, nullable=False),
        sa.Column("asked", big, nullable=False),
        sa.Column("done", big, nullable=True),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_telling_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
        sa.UniqueConstraint("edition", "revision", name=op.f("uq_telling_edition_revision")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("telling")
    op.drop_column("strike", "reason")
