"""One store into another, row by row: from SQLite to PostgreSQL when one machine is no longer enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, text

from digest.store import tables
from digest.store.database import Database, insert_into

ROWS = 1000  # a statement
FLEETING = (tables.worker, tables.pause)  # what rows are gone here must be gone there


def copy(source: Database, target: Database, tell: Callable[[str, int], None]) -> None:
    """Copy every row; what the target has already is brought up to date, so that it may be run again.

    Nothing may be sending meanwhile. `tell` hears each table's name and how many rows went over.
    """
    with source.read() as here, target.write() as there:
        for table in FLEETING:
            there.execute(delete(table))
        for table in tables.metadata.sorted_tables:
            tell(table.name, _copy_table(here, there, table))
        if not target.is_sqlite:
            _move_sequences(there)


def _copy_table(here: Connection, there: Connection, table: Table) -> int:
    copied = 0
    statement = _upsert(there, table)
    rows = here.execution_options(yield_per=ROWS).execute(select(table).order_by(*table.primary_key.columns))
    for some in rows.mappings().partitions(ROWS):
        there.execute(statement, [dict(row) for row in some])
        copied += len(some)
    return copied


def _upsert(there: Connection, table: Table) -> Any:
    keys = list(table.primary_key.columns)
    made = insert_into(there, table)
    rest = {column.name: made.excluded[column.name] for column in table.columns if column not in keys}
    return (
        made.on_conflict_do_update(index_elements=keys, set_=rest) if rest else made.on_conflict_do_nothing()
    )


def _move_sequences(there: Connection) -> None:
    """The next new row's id follows the copied ones."""
    for table in tables.metadata.sorted_tables:
        if "id" in table.columns:
            top = there.scalar(select(func.max(table.c.id)))
            if top:
                move = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :top)")
                there.execute(move, {"name": table.name, "top": top})
