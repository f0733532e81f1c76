"""The stories of an edition, each at the version and in the words that were chosen for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from digest.model import Item, Picture, Role, Story
from digest.store import tables
from digest.store.pictures import with_hosted
from digest.store.stories import TOLD, story_from

_ITEMS = (
    select(
        tables.edition_item.c.role,
        tables.edition_item.c.section.label("under"),
        tables.edition_item.c.updated,
        tables.edition_item.c.edited,
        *TOLD,
    )
    .select_from(
        tables.edition_item.join(tables.story, tables.story.c.id == tables.edition_item.c.story)
        .join(tables.source, tables.source.c.id == tables.story.c.source)
        .join(
            tables.story_version,
            and_(
                tables.story_version.c.story == tables.edition_item.c.story,
                tables.story_version.c.n == tables.edition_item.c.story_version,
            ),
        )
    )
    .order_by(tables.edition_item.c.position)
)


def items_of(connection: Connection, edition_id: int) -> tuple[Item, ...]:
    """The items of an edition in order, with the pictures that our own pages serve."""
    rows = connection.execute(_ITEMS.where(tables.edition_item.c.edition == edition_id)).all()
    stories = with_hosted(connection, map(_as_told, rows))
    return tuple(
        Item(story, Role(row.role), row.under, row.edited is not None)
        for row, story in zip(rows, stories, strict=True)
    )


def put_items(connection: Connection, edition_id: int, items: Sequence[Item]) -> None:
    rows = [
        {
            "edition": edition_id,
            "position": position,
            "story": item.story.id,
            "story_version": item.story.version,
            "role": item.role,
            "section": item.section,
            "updated": item.story.updated,
            "edited": edited_words(item.story) if item.edited else None,
        }
        for position, item in enumerate(items)
    ]
    if rows:
        connection.execute(insert(tables.edition_item), rows)


def edited_words(story: Story) -> dict[str, Any]:
    """What an editor may have changed of a story."""
    picture = asdict(story.picture) if story.picture else None
    return {"title": story.title, "lead": story.lead, "picture": picture}


def _as_told(row: Any) -> Story:
    """A story in the words it has in this edition."""
    story = replace(story_from(row), updated=row.updated)
    if row.edited is None:
        return story
    picture = row.edited["picture"]
    words = {"title": row.edited["title"], "lead": row.edited["lead"]}
    return replace(story, picture=Picture(**picture) if picture else None, **words)
