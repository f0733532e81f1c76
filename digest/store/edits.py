"""What editors changed in an edition, in order, and the promoted links that are booked for a date."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from digest.model import Edit, Found, Newsletter, Promotion, Story, Verb
from digest.store import tables
from digest.store.database import Database, changed, inserted, run
from digest.store.edited import edits_so_far, is_closed
from digest.store.editions import newsletter_id
from digest.store.stories import STORIES, put_aside, story_from
from digest.store.times import moment, seconds

_EDIT = tables.edition_edit.c
_PROMOTION = tables.promotion.c
_SOURCE = "desk"  # the source whose stories are the promoted links


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


class Promotions:
    """The booked links."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def book(
        self, newsletter: Newsletter, day: date, section: str, found: Found, who: str, now: datetime
    ) -> int:
        """Book a link for a date, at the end of a section or ("") of the edition; its number."""
        one_day = replace(found, identity=secrets.token_hex(16))
        with self._database.write() as connection:
            story = put_aside(connection, _SOURCE, one_day, now)
            values = {
                "newsletter": newsletter_id(connection, newsletter.slug),
                "date": day,
                "section": section,
                "story": story,
                "who": who,
                "at": seconds(now),
            }
            made = tables.promotion.insert().values(values).returning(_PROMOTION.id)
            return int(connection.execute(made).scalar_one())

    def cancel(self, number: int) -> bool:
        """Take a booking back; False if there is none."""
        with self._database.write() as connection:
            return changed(run(connection, delete(tables.promotion).where(_PROMOTION.id == number)))

    def of(self, newsletter: Newsletter, day: date) -> list[tuple[Story, str]]:
        """The links booked for a date, first booked first, each with its section."""
        query = _booked(newsletter).where(_PROMOTION.date == day)
        with self._database.read() as connection:
            return [(story_from(row), row.under) for row in connection.execute(query)]

    def coming(self, newsletter: Newsletter, since: date) -> list[Promotion]:
        """All bookings from a date on, by date."""
        query = _booked(newsletter).where(_PROMOTION.date >= since)
        with self._database.read() as connection:
            return [_promotion(row, newsletter) for row in connection.execute(query)]


def _booked(newsletter: Newsletter) -> Any:
    named = (_PROMOTION.id.label("number"), _PROMOTION.date, _PROMOTION.section.label("under"))
    return (
        STORIES.add_columns(*named, _PROMOTION.who, _PROMOTION.at)
        .join(tables.promotion, _PROMOTION.story == tables.story.c.id)
        .join(tables.newsletter, tables.newsletter.c.id == _PROMOTION.newsletter)
        .where(tables.newsletter.c.slug == newsletter.slug)
        .order_by(_PROMOTION.date, _PROMOTION.id)
    )


def _row(edit: Edit) -> dict[str, Any]:
    return {"n": edit.n, "verb": edit.verb, "story": edit.story, "details": edit.details, "who": edit.who}


def _edit(row: Any) -> Edit:
    return Edit(row.n, Verb(row.verb), row.story, row.details, row.who, moment(row.at))


def _promotion(row: Any, newsletter: Newsletter) -> Promotion:
    story = story_from(row)
    place = (row.number, newsletter.slug, row.date, row.under)
    return Promotion(*place, story.id, story.promoted, story.title, story.url, row.who, moment(row.at))
