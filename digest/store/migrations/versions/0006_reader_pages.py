"""The zone chosen on the form; who is due, found by newsletter and time in one index; counted links."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("asked", sa.Column("zone", sa.Text(), nullable=False, server_default=""))
    op.drop_index("ix_moment_next_due", "moment")
    op.create_index("ix_moment_next_due", "moment", ["newsletter", "next_due"])
    op.create_table(
        "click",
        sa.Column("edition", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_click_edition")),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_click_story")),
        sa.PrimaryKeyConstraint("edition", "story", "day", name=op.f("pk_click")),
    )


def downgrade() -> None:
    op.drop_table("click")
    op.drop_index("ix_moment_next_due", "moment")
    op.create_index("ix_moment_next_due", "moment", ["next_due"])
    op.drop_column("asked", "zone")
