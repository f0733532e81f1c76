"""Stories as editions have told them: which ones, how many, and where the same stands in another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from digest.model import FROZEN, Newsletter, Role, Sent
from digest.store import tables
from digest.store.database import Database
from digest.store.times import seconds, utc_or_none

_EDITION = tables.edition.c
_MINE = tables.edition_item.alias("mine")
_ITEM = tables.edition_item.alias("theirs")
_OTHER = tables.edition.alias("other")
_OWN = tables.story_version.alias("own")
_THEIR = tables.story_version.alias("their")
_SHARED = select(
    _ITEM.c.edition,
    _OTHER.c.date,
    _ITEM.c.story,
    _THEIR.c.title,
    _THEIR.c.content,
    _OWN.c.title.label("own_title"),
    _OWN.c.content.label("own_content"),
).select_from(
    tables.rendering.join(tables.edition, _EDITION.id == tables.rendering.c.edition)
    .join(_MINE, _MINE.c.edition == _EDITION.id)
    .join(_ITEM, and_(_ITEM.c.story == _MINE.c.story, _ITEM.c.edition != _MINE.c.edition))
    .join(_OTHER, and_(_OTHER.c.id == _ITEM.c.edition, _OTHER.c.newsletter == _EDITION.newsletter))
    .join(_OWN, and_(_OWN.c.story == _MINE.c.story, _OWN.c.n == _MINE.c.story_version))
    .join(_THEIR, and_(_THEIR.c.story == _ITEM.c.story, _THEIR.c.n == _ITEM.c.story_version))
)


class Shared(NamedTuple):
    """A story that stands in another edition as well: that edition and its date, and how both told it."""

    edition: int
    date: date
    story: int
    there: Sent
    here: Sent


class Retold:
    """What the editions of a newsletter have told, and how much."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def before(self, newsletter: Newsletter, cutoff: datetime) -> tuple[datetime | None, frozenset[int]]:
        """The last frozen edition's cut-off before this one, and every story of earlier frozen editions."""
        with self._database.read() as connection:
            earlier = _earlier_than(newsletter, cutoff)
            joined = tables.edition.join(tables.newsletter)
            last = connection.scalar(select(func.max(_EDITION.cutoff)).select_from(joined).where(earlier))
            had = connection.scalars(
                select(tables.edition_item.c.story)
                .select_from(joined.join(tables.edition_item, tables.edition_item.c.edition == _EDITION.id))
                .where(earlier)
            )
            return utc_or_none(last), frozenset(had)

    def told(self, newsletter: Newsletter, since: datetime, cutoff: datetime) -> dict[int, Sent]:
        """The stories of frozen editions closed from `since` on that have changed, as they were last sent."""
        query = _told_query(newsletter, since, cutoff)
        with self._database.read() as connection:
            return {row.story: Sent(row.title, row.content["lead"]) for row in connection.execute(query)}

    def shared(self, rendering: int) -> list[Shared]:
        """Which stories of a rendering's edition stood in other editions of its newsletter too, and how."""
        with self._database.read() as connection:
            return list(map(_shared, connection.execute(_SHARED.where(tables.rendering.c.id == rendering))))

    def sizes(self, newsletter: Newsletter, limit: int) -> list[tuple[date, int]]:
        """The newest dates that have an edition, drafted or out, with its number of stories told in full.

        Of a date's waves the home zone's. Promoted links are no stories.
        """
        full = tables.edition_item.c.role.in_([Role.LEAD, Role.PICK, Role.SECTION])
        query = (
            select(_EDITION.date, func.count())
            .select_from(tables.edition.join(tables.newsletter).join(tables.edition_item))
            .where(tables.newsletter.c.slug == newsletter.slug, _EDITION.home, full)
            .group_by(_EDITION.id)
            .order_by(_EDITION.date.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [(row[0], row[1]) for row in connection.execute(query)]


def _shared(row: Any) -> Shared:
    there = Sent(row.title, row.content["lead"])
    return Shared(row.edition, row.date, row.story, there, Sent(row.own_title, row.own_content["lead"]))


def _told_query(newsletter: Newsletter, since: datetime, cutoff: datetime) -> Select[Any]:
    """The stories of earlier editions whose text has changed since, at the version that was last sent.

    Editions that closed before `since` hold no story that was published after it.
    """
    joined = tables.edition.join(tables.newsletter).join(
        tables.edition_item, tables.edition_item.c.edition == _EDITION.id
    )
    sent = (
        select(tables.edition_item.c.story, func.max(tables.edition_item.c.story_version).label("n"))
        .select_from(joined)
        .where(_earlier_than(newsletter, cutoff), _EDITION.cutoff >= seconds(since))
        .group_by(tables.edition_item.c.story)
        .subquery()
    )
    version = tables.story_version.c
    return (
        select(sent.c.story, version.title, version.content)
        .join(tables.story, tables.story.c.id == sent.c.story)
        .join(tables.story_version, and_(version.story == sent.c.story, version.n == sent.c.n))
        .where(tables.story.c.version > sent.c.n)
    )


def _earlier_than(newsletter: Newsletter, cutoff: datetime) -> ColumnElement[bool]:
    """The frozen editions of a newsletter whose stories closed before this one's."""
    return and_(
        tables.newsletter.c.slug == newsletter.slug,
        _EDITION.state.in_(FROZEN),
        _EDITION.cutoff < seconds(cutoff),
    )
