"""The promoted links that are booked for a date."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from digest.model import Found, Newsletter, Promotion, Story
from digest.store import tables
from digest.store.database import Database, changed, run
from digest.store.newsletters import newsletter_id
from digest.store.stories import STORIES, put_aside, story_from
from digest.store.times import seconds, utc

_PROMOTION = tables.promotion.c
_SOURCE = "desk"  # the source whose stories are the promoted links


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


def _promotion(row: Any, newsletter: Newsletter) -> Promotion:
    story = story_from(row)
    place = (row.number, newsletter.slug, row.date, row.under)
    return Promotion(*place, story.id, story.promoted, story.title, story.url, row.who, utc(row.at))
