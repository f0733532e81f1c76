"""The editions that went out, for everyone to read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, update

from digest.model import EditionState, Newsletter
from digest.store import tables
from digest.store.database import Database
from digest.store.times import utc

_EDITION = tables.edition.c


class Archived(NamedTuple):
    """An edition that can change no more. `revision` grows with every correction."""

    id: int
    newsletter: str
    date: date
    subject: str
    preheader: str
    frozen_at: datetime
    revision: int
    correction: str = ""


class Archive:
    """Editions from the moment they are frozen: what has no reader yet may be read here all the same."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, newsletter: Newsletter, limit: int, before: date | None = None) -> list[Archived]:
        """The newest editions, newest first; only those before a date where one is given.

        Of a date's waves the home zone's.
        """
        query = _PAST.where(tables.newsletter.c.slug == newsletter.slug, _EDITION.home)
        if before:
            query = query.where(_EDITION.date < before)
        return self._read(query.limit(limit))

    def find(self, newsletter: Newsletter, day: date) -> Archived | None:
        """The edition of a date; of several waves the home zone's, and until that is there the last."""
        query = _PAST.where(tables.newsletter.c.slug == newsletter.slug, _EDITION.date == day)
        return next(iter(self._read(query.order_by(None).order_by(*_HOME_FIRST).limit(1))), None)

    def is_hidden(self, edition: int) -> bool:
        """Whether an edition is kept out of the archive."""
        with self._database.read() as connection:
            return bool(connection.scalar(select(_EDITION.hidden).where(_EDITION.id == edition)))

    def hide(self, edition: int, hidden: bool) -> None:
        """Keep an edition out of the archive, or let it stand there again."""
        with self._database.write() as connection:
            there = update(tables.edition).where(_EDITION.id == edition)
            connection.execute(there.values(hidden=hidden))

    def _read(self, query: Select[Any]) -> list[Archived]:
        with self._database.read() as connection:
            return [_past(row) for row in connection.execute(query)]


_HOME_FIRST = (_EDITION.home.desc(), _EDITION.wave.desc())
_REVISION = (
    select(func.max(tables.rendering.c.id)).where(tables.rendering.c.edition == _EDITION.id).scalar_subquery()
)
_PAST = (
    select(
        _EDITION.id,
        tables.newsletter.c.slug,
        _EDITION.date,
        _EDITION.subject,
        _EDITION.preheader,
        _EDITION.frozen_at,
        _EDITION.correction,
        _REVISION.label("revision"),
    )
    .select_from(tables.edition.join(tables.newsletter))
    .where(
        _EDITION.state.in_([EditionState.FROZEN, EditionState.ISSUED, EditionState.DONE]),
        _EDITION.hidden.is_(False),
    )
    .order_by(_EDITION.date.desc(), _EDITION.wave.desc())
)


def _past(row: Any) -> Archived:
    return Archived(
        row.id,
        row.slug,
        row.date,
        row.subject,
        row.preheader,
        utc(row.frozen_at),
        row.revision or 0,
        row.correction or "",
    )
