"""How often the links of an edition were followed, by day. There is no reader in it to be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from digest.store import tables
from digest.store.database import Database, insert_into

_CLICK = tables.click.c


class Click(NamedTuple):
    """A link that was followed: of this edition, to this story, on this day (UTC)."""

    edition: int
    story: int
    day: date


class Clicks:
    """The counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, counted: Mapping[Click, int]) -> None:
        """Add to the counts; in one order, so that two who do so at once do not wait for each other."""
        with self._database.write() as connection:
            for click, count in sorted(counted.items()):
                row = insert_into(connection, tables.click).values(**click._asdict(), count=count)
                keys = ["edition", "story", "day"]
                more = {"count": tables.click.c["count"] + row.excluded["count"]}
                connection.execute(row.on_conflict_do_update(index_elements=keys, set_=more))

    def of(self, edition: int) -> Sequence[tuple[int, int]]:
        """The stories of an edition that were followed, most often first: (story, how often)."""
        total = func.sum(_CLICK["count"])
        query = select(_CLICK.story, total).where(_CLICK.edition == edition).group_by(_CLICK.story)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(total.desc(), _CLICK.story))
            return [(story, int(count)) for story, count in rows]
