"""Stored headlines: each once a source, every version of its text kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Select, and_, func, insert, select, update

from digest.model import Found, Picture, Rhythm, Saved, Story
from digest.store import tables
from digest.store.database import Database, chunks, ensure
from digest.store.pictures import with_hosted
from digest.store.rhythms import rhythms
from digest.store.times import seconds, utc

FUTURE_HELD = timedelta(days=1)  # a story dated later than this ahead is taken as dated now
FIRST_RUN_AGE = timedelta(hours=24)
_ASIDE = {"identity", "canonical", "published", "title"}  # columns of their own


class Stories:
    """The stories of all sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, source: str, found: Sequence[Found], now: datetime, keep_first: int | None = None
    ) -> Saved:
        """Store what is new and every change of what is known, in one transaction.

        With `keep_first`, only so many of a source's newest stories, under 24 hours old, stay eligible on
        its first run; the rest is stored as had, so that a new source does not flood the next edition.
        """
        found = list({one.identity: one for one in found}.values())
        with self._database.write() as connection:
            source_id, first_run = _source(connection, source)
            known = _known(connection, source_id, found)
            fresh = [one for one in found if one.identity not in known]
            had = _too_much(fresh, now, keep_first) if first_run and keep_first is not None else set()
            for one in fresh:
                _insert(connection, source_id, one, now, one.identity in had)
            changed = [one for one in found if one.identity in known and _differs(known[one.identity], one)]
            for one in changed:
                _revise(connection, known[one.identity], one, now)
            return Saved(len(fresh), len(changed), len(found) - len(fresh) - len(changed))

    def published_since(self, opens: datetime) -> list[Story]:
        """Stories published at or after `opens`, newest first; one for each report, however many carry it."""
        with self._database.read() as connection:
            rows = connection.execute(
                STORIES.where(
                    tables.story.c.published >= seconds(opens),
                    tables.story.c.had.is_(False),
                    tables.story.c.same_as.is_(None),
                ).order_by(tables.story.c.published.desc(), tables.story.c.id)
            )
            stories = [story_from(row) for row in rows]
            return with_hosted(connection, _with_others(connection, stories))

    def rhythms(self, now: datetime) -> list[Rhythm]:
        """How each source gave new stories in the last two weeks."""
        with self._database.read() as connection:
            return rhythms(connection, now)

    def by_source(self) -> dict[str, tuple[int, datetime]]:
        """How many stories each source has given, and when it gave its last one."""
        query = (
            select(tables.source.c.name, func.count(), func.max(tables.story.c.first_seen))
            .select_from(tables.story.join(tables.source, tables.source.c.id == tables.story.c.source))
            .group_by(tables.source.c.name)
        )
        with self._database.read() as connection:
            return {row[0]: (row[1], utc(row[2])) for row in connection.execute(query)}

    def count(self) -> int:
        """How many stories are stored."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(tables.story)) or 0


TOLD = (  # what `story_from` reads
    tables.story.c.id,
    tables.story.c.first_seen,
    tables.story.c.published,
    tables.source.c.name.label("source"),
    tables.story_version.c.n,
    tables.story_version.c.title,
    tables.story_version.c.content,
)

STORIES = select(*TOLD).select_from(
    tables.story.join(tables.source, tables.source.c.id == tables.story.c.source).join(
        tables.story_version,
        and_(
            tables.story_version.c.story == tables.story.c.id,
            tables.story_version.c.n == tables.story.c.version,
        ),
    )
)


def put_aside(connection: Connection, source: str, found: Found, now: datetime) -> int:
    """Store a story that no edition takes by itself, inside a write; its id."""
    source_id = ensure(connection, tables.source, {"name": source}, state={})
    _insert(connection, source_id, found, now, had=True)
    stored = select(tables.story.c.id).filter_by(source=source_id, identity=found.identity)
    return int(connection.execute(stored).scalar_one())


def story_from(row: Any) -> Story:
    """A Story from a row with id, n, source, first_seen, published, title and content."""
    content: dict[str, Any] = row.content
    picture = content.get("picture")
    return Story(
        id=row.id,
        version=row.n,
        source=row.source,
        first_seen=utc(row.first_seen),
        published=utc(row.published),
        url=content["url"],
        title=row.title,
        section=content["section"],
        lead=content["lead"],
        byline=content["byline"],
        agency=content["agency"],
        picture=Picture(**picture) if picture else None,
        language=content["language"],
        pick=content["pick"],
        promoted=content["promoted"],
        updated=row.n > 1,
    )


def _content(found: Found) -> dict[str, Any]:
    return {key: value for key, value in asdict(found).items() if key not in _ASIDE}


def _source(connection: Connection, name: str) -> tuple[int, bool]:
    """The id of a source, and whether this is its first run."""
    source = ensure(connection, tables.source, {"name": name}, state={})
    stored = select(tables.story.c.id).where(tables.story.c.source == source).limit(1)
    return source, connection.execute(stored).first() is None


def _known(connection: Connection, source: int, found: Sequence[Found]) -> dict[str, Any]:
    """The stored rows of these stories, by the identity that each has now."""
    mine = STORIES.add_columns(tables.story.c.identity, tables.story.c.canonical)
    mine = mine.where(tables.story.c.source == source)
    rows: dict[str, Any] = {}
    for some in chunks([one.identity for one in found]):
        query = mine.where(tables.story.c.identity.in_(some))
        rows |= {row.identity: row for row in connection.execute(query)}
    renamed = _renamed([one for one in found if one.identity not in rows], found)
    for names in chunks(list(renamed)):
        for row in connection.execute(mine.where(tables.story.c.canonical.in_(names))):
            if row.identity not in rows:
                rows[renamed[row.canonical]] = row
    return rows


def _renamed(unknown: Sequence[Found], found: Sequence[Found]) -> dict[str, str]:
    """Stories that may be known under another guid: by address, where only one of them has it.

    A feed whose entries all lead to one page tells its stories apart by guid alone.
    """
    shared = Counter(one.canonical for one in found)
    return {
        one.canonical: one.identity
        for one in unknown
        if shared[one.canonical] == 1 and urlsplit(one.canonical).path.strip("/")
    }


def _differs(row: Any, found: Found) -> bool:
    return bool(row.title != found.title or row.content != _content(found))


def _insert(connection: Connection, source: int, found: Found, now: datetime, had: bool) -> None:
    canonical = found.canonical or found.url
    first = connection.scalar(_carried_by_another(source, canonical)) if canonical else None
    made = connection.execute(
        insert(tables.story)
        .values(
            source=source,
            identity=found.identity,
            canonical=canonical,
            first_seen=seconds(now),
            published=seconds(_published(found, now)),
            version=1,
            had=had,
            same_as=first,
        )
        .returning(tables.story.c.id)
    )
    _add_version(connection, made.scalar_one(), 1, found, now)


def _carried_by_another(source: int, canonical: str) -> Select[tuple[int]]:
    """The same report as another source gave it first."""
    there = (tables.story.c.canonical == canonical, tables.story.c.source != source)
    return select(tables.story.c.id).where(*there, tables.story.c.same_as.is_(None)).limit(1)


def _revise(connection: Connection, row: Any, found: Found, now: datetime) -> None:
    _add_version(connection, row.id, row.n + 1, found, now)
    connection.execute(update(tables.story).where(tables.story.c.id == row.id).values(version=row.n + 1))


def _add_version(connection: Connection, story: int, n: int, found: Found, now: datetime) -> None:
    connection.execute(
        insert(tables.story_version).values(
            story=story, n=n, seen=seconds(now), title=found.title, content=_content(found)
        )
    )


def _published(found: Found, now: datetime) -> datetime:
    """The date a story counts under: its own, unless it has none or lies more than a day ahead."""
    if found.published is None or found.published > now + FUTURE_HELD:
        return now
    return found.published


def _too_much(fresh: Iterable[Found], now: datetime, keep: int) -> set[str]:
    newest = sorted(fresh, key=lambda one: _published(one, now), reverse=True)
    kept = {one.identity for one in newest[:keep] if _published(one, now) > now - FIRST_RUN_AGE}
    return {one.identity for one in newest} - kept


def _with_others(connection: Connection, stories: list[Story]) -> list[Story]:
    """Each story with the names of the other sources that carry it."""
    others: dict[int, list[str]] = {}
    for some in chunks([story.id for story in stories]):
        query = (
            select(tables.story.c.same_as, tables.source.c.name)
            .join(tables.source, tables.source.c.id == tables.story.c.source)
            .where(tables.story.c.same_as.in_(some))
            .order_by(tables.source.c.name)
        )
        for row in connection.execute(query):
            others.setdefault(row.same_as, []).append(row.name)
    return [
        replace(story, also_by=tuple(dict.fromkeys(others[story.id]))) if story.id in others else story
        for story in stories
    ]
