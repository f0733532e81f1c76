"""Pictures that our own pages serve: which are wanted, which we have, and their files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Select, delete, select, update

from digest import ownership
from digest.model import Picture, Role, Story
from digest.store import tables
from digest.store.database import Database, chunks, insert_or_ignore
from digest.store.times import seconds

TRIES = 3
AGAIN = timedelta(minutes=15)  # doubles; longer than any fetch takes, so that nobody else tries meanwhile
KEPT = timedelta(days=8)  # without an edition that shows it; a weekly one may take its time
LEFT_OVER = timedelta(hours=1)  # after which a file that no row names was left by a crash

_PICTURE = tables.picture.c
_NAME = re.compile(r"[0-9a-f]{32}")


class Wanted(NamedTuple):
    """A picture to be fetched, and whether it may be in a private network."""

    url: str
    private: bool


class Pictures:
    """The pictures of stories, by the address they came from; their files are in `folder`."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def want(self, urls: Sequence[str], now: datetime, *, private: bool) -> None:
        """Note pictures to be fetched; those known already are left as they are."""
        fresh = {
            "private": private,
            "wanted": seconds(now),
            "tries": 0,
            "next_at": seconds(now),
            "name": "",
            "width": 0,
            "height": 0,
            "reason": "",
        }
        with self._database.write() as connection:
            for url in urls:
                connection.execute(insert_or_ignore(connection, tables.picture).values(url=url, **fresh))

    def claim(self, now: datetime, limit: int = 100) -> list[Wanted]:
        """Pictures that are due, newest first; ours until the next try would be due. Tried three times."""
        with self._database.write() as connection:
            due = (
                select(_PICTURE.url, _PICTURE.private, _PICTURE.tries)
                .where(_PICTURE.next_at <= seconds(now))
                .order_by(_PICTURE.wanted.desc())
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            rows = connection.execute(due).all()
            for row in rows:
                again = seconds(now + AGAIN * 2**row.tries) if row.tries + 1 < TRIES else None
                there = update(tables.picture).where(_PICTURE.url == row.url)
                connection.execute(there.values(tries=row.tries + 1, next_at=again))
            return [Wanted(row.url, row.private) for row in rows]

    def keep(self, picture: Picture, jpeg: bytes) -> None:
        """Store a picture that was fetched from `picture.url`, with its own width and height."""
        name = hashlib.sha256(jpeg).hexdigest()[:32]
        part = self._folder / f"{name}.{os.getpid()}.part"
        ownership.ensure(part)
        part.write_bytes(jpeg)
        part.replace(self._path(name))
        with self._database.write() as connection:
            there = update(tables.picture).where(_PICTURE.url == picture.url)
            size = {"width": picture.width, "height": picture.height}
            connection.execute(there.values(name=name, next_at=None, reason="", **size))

    def failed(self, url: str, reason: str) -> None:
        """Remember why a picture could not be had."""
        with self._database.write() as connection:
            connection.execute(update(tables.picture).where(_PICTURE.url == url).values(reason=reason))

    def file(self, name: str) -> Path | None:
        """The file of a picture; None where there is none of that name."""
        path = self._path(name)
        return path if _NAME.fullmatch(name) and path.is_file() else None

    def forget(self, now: datetime) -> int:
        """Drop what no edition leads with eight days after it was wanted, and files that nothing names."""
        old = delete(tables.picture).where(
            _PICTURE.wanted <= seconds(now - KEPT), _PICTURE.url.not_in(_in_editions())
        )
        with self._database.write() as connection:
            connection.execute(old)
            named = set(connection.scalars(select(_PICTURE.name)))
        crashed = (now - LEFT_OVER).timestamp()
        files = [file for file in self._folder.glob("*") if file.stem not in named]
        gone = [file for file in files if file.stat().st_mtime < crashed]
        for file in gone:
            file.unlink(missing_ok=True)
        return len(gone)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.jpg"


def with_hosted(connection: Connection, stories: Iterable[Story]) -> list[Story]:
    """Stories with the pictures that our own pages serve in the place of those they came with."""
    stories = list(stories)
    ours: dict[str, Picture] = {}
    for some in chunks(sorted({story.picture.url for story in stories if story.picture})):
        query = select(tables.picture).where(_PICTURE.url.in_(some), _PICTURE.name != "")
        for row in connection.execute(query):
            ours[row.url] = Picture(f"/pictures/{row.name}.jpg", width=row.width, height=row.height)
    return [_hosted(story, ours) for story in stories]


def _hosted(story: Story, ours: dict[str, Picture]) -> Story:
    picture = story.picture
    if picture is None or picture.url not in ours:
        return story
    own = ours[picture.url]
    return replace(story, picture=replace(picture, url=own.url, width=own.width, height=own.height))


def _in_editions() -> Select[tuple[str]]:
    """The pictures of editions' main stories, the only ones that are shown."""
    version, item = tables.story_version.c, tables.edition_item.c
    url = version.content["picture", "url"].as_string()
    chosen = tables.edition_item.join(
        tables.story_version, (version.story == item.story) & (version.n == item.story_version)
    )
    return select(url).select_from(chosen).where(item.role == Role.LEAD, url.is_not(None))
