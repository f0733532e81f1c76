"""Two who do a thing at once, made certain."""

from __future__ import annotations

import time

from sqlalchemy import text

from digest.store.database import Database

WAITS = text("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def until_one_waits(database: Database) -> None:
    """Until the server says that a transaction waits for another's row; on SQLite they take turns."""
    while not database.is_sqlite:
        with database.read() as connection:
            if connection.scalar(WAITS):
                return
        time.sleep(0.01)
