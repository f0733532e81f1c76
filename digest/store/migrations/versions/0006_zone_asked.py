"""The time zone that was chosen on the form; who is due, found by newsletter and time in one index."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("asked", sa.Column("zone", sa.Text(), nullable=False, server_default=""))
    op.drop_index("ix_moment_next_due", "moment")
    op.create_index("ix_moment_next_due", "moment", ["newsletter", "next_due"])


def downgrade() -> None:
    op.drop_index("ix_moment_next_due", "moment")
    op.create_index("ix_moment_next_due", "moment", ["next_due"])
    op.drop_column("asked", "zone")
