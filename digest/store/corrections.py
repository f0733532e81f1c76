"""A frozen edition corrected: new words, a new revision, and whoever has not had it moved to that."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from digest.model import DeliveryState, Edition, Rendering
from digest.store import tables
from digest.store.batches import marked, of_edition
from digest.store.database import Database, run
from digest.store.items import edited_words
from digest.store.renderings import rendering_row

_DELIVERY = tables.delivery.c
_BATCH = tables.batch.c
_ITEM = tables.edition_item.c
_UNTRIED = (DeliveryState.PLANNED, DeliveryState.DEFERRED)


class Corrections:
    """The only way a frozen edition changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_held(self, edition: int) -> bool:
        """Whether some worker has letters of an edition in hand, with the rendering they had when claimed."""
        held = exists().where(_BATCH.edition == edition, _BATCH.worker.is_not(None))
        with self._database.read() as connection:
            return bool(connection.scalar(select(held)))

    def correct(self, edition: Edition, rendered: Mapping[str, Rendering]) -> tuple[int, int]:
        """Store an edition's new words with their renderings (by locale): the revision, and how many get it.

        What may be on its way (in doubt, or marked by a worker) keeps the mail it has: it is sent again, if
        it must be, byte for byte.
        """
        with self._database.write() as connection:
            revision = _next_revision(connection, edition.id)
            _put_words(connection, edition)
            moved = 0
            for locale, rendering in rendered.items():
                row = rendering_row(edition.id, rendering) | {"locale": locale, "revision": revision}
                made = insert(tables.rendering).values(row).returning(tables.rendering.c.id)
                moved += _move(connection, edition.id, locale, connection.execute(made).scalar_one())
            return revision, moved


def _next_revision(connection: Connection, edition: int) -> int:
    query = select(func.max(tables.rendering.c.revision)).where(tables.rendering.c.edition == edition)
    return int(connection.scalar(query) or 0) + 1


def _put_words(connection: Connection, edition: Edition) -> None:
    """The edition as it now stands in the archive. A story that was taken out is gone from it."""
    values = {"subject": edition.subject, "preheader": edition.preheader, "correction": edition.correction}
    there = update(tables.edition).where(tables.edition.c.id == edition.id)
    connection.execute(there.values(**values))
    items = update(tables.edition_item).where(_ITEM.edition == edition.id)
    for item in edition.items:
        if item.edited:
            connection.execute(
                items.where(_ITEM.story == item.story.id).values(edited=edited_words(item.story))
            )
    kept = [item.story.id for item in edition.items]
    gone = delete(tables.edition_item).where(_ITEM.edition == edition.id, _ITEM.story.not_in(kept))
    connection.execute(gone)


def _move(connection: Connection, edition: int, locale: str, rendering: int) -> int:
    """Give the new rendering to the deliveries of a locale that nobody can have had; how many they are."""
    of_locale = select(tables.rendering.c.id).where(
        tables.rendering.c.edition == edition, tables.rendering.c.locale == locale
    )
    waiting = update(tables.delivery).where(
        _DELIVERY.id.in_(of_edition(edition, _DELIVERY.id)),
        _DELIVERY.rendering.in_(of_locale),
        _DELIVERY.state.in_(_UNTRIED),
        _DELIVERY.id.not_in(marked(connection)),
    )
    return run(connection, waiting.values(rendering=rendering)).rowcount
