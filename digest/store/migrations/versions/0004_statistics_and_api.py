"""Indexes for statistics; what the API and its hooks keep."""

from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, columns in (
        ("subscription", ["newsletter", "confirmed_at"]),
        ("subscription", ["newsletter", "left_at"]),
        ("suppression", ["at"]),
        ("strike", ["at"]),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    # When a suppressed subscription ended was not kept before.
    op.execute(
        "UPDATE subscription SET left_at = coalesce(confirmed_at, asked_at)"
        " WHERE state = 'suppressed' AND left_at IS NULL"
    )
