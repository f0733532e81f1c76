"""Stories that stand in more than one edition, and how each of them told them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from digest.model import EditionState, Newsletter, Sent
from digest.store import tables
from digest.store.times import seconds

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


def shared_query(rendering_id: int) -> Select[Any]:
    """The stories of a rendering's edition that stand in other editions of its newsletter too."""
    return _SHARED.where(tables.rendering.c.id == rendering_id)


def shared_from(row: Any) -> Shared:
    there = Sent(row.title, row.content["lead"])
    return Shared(row.edition, row.date, row.story, there, Sent(row.own_title, row.own_content["lead"]))


def told_query(newsletter: Newsletter, since: datetime, cutoff: datetime) -> Select[Any]:
    """The stories of earlier editions whose text has changed since, at the version that was last sent.

    Editions that closed before `since` hold no story that was published after it.
    """
    joined = tables.edition.join(tables.newsletter).join(
        tables.edition_item, tables.edition_item.c.edition == _EDITION.id
    )
    sent = (
        select(tables.edition_item.c.story, func.max(tables.edition_item.c.story_version).label("n"))
        .select_from(joined)
        .where(earlier_than(newsletter, cutoff), _EDITION.cutoff >= seconds(since))
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


def earlier_than(newsletter: Newsletter, cutoff: datetime) -> ColumnElement[bool]:
    """The frozen editions of a newsletter whose stories closed before this one's."""
    return and_(
        tables.newsletter.c.slug == newsletter.slug,
        _EDITION.state.in_([EditionState.FROZEN, EditionState.ISSUED, EditionState.DONE]),
        _EDITION.cutoff < seconds(cutoff),
    )
