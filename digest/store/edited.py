"""Editing and freezing take turns: an edit is in the mail, or its editor is told that it came too late."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, exists, func, select

from digest.model import FROZEN
from digest.store import tables

_EDIT = tables.edition_edit.c
_EDITION = tables.edition.c


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
