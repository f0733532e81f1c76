"""Counts of deliveries that were put away; on PostgreSQL, the queue they go out by, and quicker planning.

The queue is procrastinate's. Its own migrations up to 3.4 are run in order: they stay in its package for
good, its whole schema does not stay as it is. When it brings new ones, a test names them; run them in a new
file like this.

PostgreSQL looked up, and locked, the reader, edition and rendering of every planned row, which was two thirds
of what planning cost. They can be nothing but what planning has just read; and whoever has a delivery is
never deleted, only made nameless.
"""

from importlib import resources

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("edition", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("deliveries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_tally_edition")),
        sa.PrimaryKeyConstraint("edition", "state", name=op.f("pk_tally")),
        sqlite_with_rowid=False,
    )
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    for column in ("subscription", "edition", "rendering"):
        op.drop_constraint(f"fk_delivery_{column}", "delivery", type_="foreignkey")
    for column in ("subscription", "edition"):
        op.drop_constraint(f"fk_had_{column}", "had", type_="foreignkey")
    files = resources.files("procrastinate.sql") / "migrations"
    for file in sorted(files.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql") and file.name <= LAST:
            # Each holds many statements; only the driver's own call without parameters takes them at once.
            driver = bind.connection.driver_connection
            assert driver is not None
            driver.execute(file.read_text(encoding="utf-8"))
