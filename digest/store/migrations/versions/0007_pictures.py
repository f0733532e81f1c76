"""Pictures that our own pages serve; stories by when they came; what a source's last visit came to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "picture",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("wanted", big, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", big, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_picture")),
    )
    op.create_index("ix_picture_next_at", "picture", ["next_at"], unique=False)
    op.add_column("source", sa.Column("last_visit", sa.JSON(), nullable=True))
    op.create_index("ix_story_first_seen", "story", ["first_seen"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_story_first_seen", table_name="story")
    op.drop_column("source", "last_visit")
    op.drop_index("ix_picture_next_at", table_name="picture")
    op.drop_table("picture")
