"""The time zone that was chosen on the form to subscribe."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("asked", sa.Column("zone", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("asked", "zone")
