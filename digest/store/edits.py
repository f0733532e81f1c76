"""What editors changed in an edition, in order.

Editing and freezing take turns: an edit is in the mail, or its editor is told that it came too late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select

from digest.model import FROZEN, Edit, Newsletter, Verb
from digest.store import tables
from digest.store.database import Database, inserted
from digest.store.newsletters import newsletter_id
from digest.store.times import seconds, utc

_EDIT = tables.edition_edit.c
_EDITION = tables.edition.c


class Edits:
    """The history of each date's edition."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, newsletter: Newsletter, day: date) -> list[Edit]:
        """All edits of a date, in order, those that were taken back as well."""
        query = (
            select(tables.edition_edit)
            .select_from(tables.edition_edit.join(tables.newsletter))
            .where(tables.newsletter.c.slug == newsletter.slug, _EDIT.date == day)
            .order_by(_EDIT.n)
        )
        with self._database.read() as connection:
            return [_edit(row) for row in connection.execute(query)]

    def add(self, newsletter: Newsletter, day: date, edits: Sequence[Edit], now: datetime) -> bool:
        """Add edits under the numbers they have; False where others were first, or it is frozen by now."""
        if not edits:
            return True
        with self._database.write() as connection:
            own = newsletter_id(connection, newsletter.slug)
            if edits_so_far(connection, own, day) != edits[0].n - 1 or is_closed(connection, own, day):
                return False
            key = {"newsletter": own, "date": day, "at": seconds(now)}
            rows = [{**key, **_row(edit)} for edit in edits]
            return all(inserted(connection, tables.edition_edit, row) for row in rows)


def _row(edit: Edit) -> dict[str, Any]:
    return {"n": edit.n, "verb": edit.verb, "story": edit.story, "details": edit.details, "who": edit.who}


def _edit(row: Any) -> Edit:
    return Edit(row.n, Verb(row.verb), row.story, row.details, row.who, utc(row.at))


def edits_so_far(connection: Connection, newsletter: int, day: date) -> int:
    """How many edits a date has. Nobody adds one, or freezes its edition, before this transaction ends.

    SQLite's writers take turns anyway. On PostgreSQL the newsletter's row is held, in the strength that lets
    others go on pointing to it.
    """
    row = select(tables.newsletter.c.id).where(tables.newsletter.c.id == newsletter)
    connection.execute(row.with_for_update(key_share=True))
    last = select(func.max(_EDIT.n)).where(_EDIT.newsletter == newsletter, _EDIT.date == day)
    return int(connection.scalar(last) or 0)


def is_closed(connection: Connection, newsletter: int, day: date) -> bool:
    """Whether the edition that a date's edits are for is frozen; of several waves the home zone's."""
    own = (_EDITION.newsletter == newsletter, _EDITION.date == day, _EDITION.home)
    return bool(connection.scalar(select(exists().where(*own, _EDITION.state.in_(FROZEN)))))
