"""Pictures that our own pages serve: each is fetched once, and kept while an edition shows it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from digest.model import Edition, Item, Picture, Role
from digest.store.database import Database
from digest.store.editions import Editions
from digest.store.pictures import KEPT, Pictures
from digest.store.stories import Stories
from tests.builders import MORNING, NOON, found

URL = "https://news.example.com/ferry.jpg"
JPEG = b"\xff\xd8 a ferry"
HOUR = timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


@pytest.fixture
def pictures(database: Database, folder: Path) -> Pictures:
    return Pictures(database, folder)


def kept(pictures: Pictures) -> None:
    pictures.want([URL], NOON, private=False)
    pictures.claim(NOON)
    pictures.keep(Picture(URL, width=1120, height=700), JPEG)


def test_a_picture_is_claimed_by_one_and_when_kept_by_nobody(pictures: Pictures) -> None:
    pictures.want([URL, URL], NOON, private=True)
    assert pictures.claim(NOON) == [(URL, True)]
    assert pictures.claim(NOON) == []
    pictures.keep(Picture(URL, width=1120, height=700), JPEG)
    pictures.want([URL], NOON + HOUR, private=True)
    assert pictures.claim(NOON + 24 * HOUR) == []


def test_what_fails_is_tried_three_times(pictures: Pictures) -> None:
    pictures.want([URL], NOON, private=False)
    tries = 0
    for hour in range(48):
        for url, _ in pictures.claim(NOON + hour * HOUR):
            pictures.failed(url, "status 404")
            tries += 1
    assert tries == 3


def test_stories_and_editions_come_with_the_picture_that_we_serve(
    database: Database, pictures: Pictures
) -> None:
    stories, editions = Stories(database), Editions(database)
    theirs = Picture(URL, "A ferry", "The ferry at noon.", "Ida Fenn", 2240, 1400)
    stories.save("wire", [found("ferry", picture=theirs), found("bridge")], NOON)
    kept(pictures)
    [story] = [one for one in stories.published_since(NOON - 24 * HOUR) if one.picture]
    name = story.picture.url if story.picture else ""
    assert story.picture == Picture(name, "A ferry", "The ferry at noon.", "Ida Fenn", 1120, 700)
    file = pictures.file(name.removeprefix("/pictures/").removesuffix(".jpg"))
    assert file is not None
    assert file.read_bytes() == JPEG
    number = editions.draft(Edition(MORNING, NOON.date(), (Item(story, Role.LEAD),), "Ferry", "", NOON))
    assert editions.load(MORNING, number).items[0].story.picture == story.picture


def test_a_picture_is_kept_as_long_as_an_edition_shows_it(
    database: Database, pictures: Pictures, folder: Path
) -> None:
    stories, editions = Stories(database), Editions(database)
    stories.save("wire", [found("ferry", picture=Picture(URL))], NOON)
    kept(pictures)
    pictures.want(["https://news.example.com/other.jpg"], NOON, private=False)
    [story] = stories.published_since(NOON - 24 * HOUR)
    number = editions.draft(Edition(MORNING, NOON.date(), (Item(story, Role.LEAD),), "Ferry", "", NOON))
    later = NOON + KEPT + HOUR
    for file in folder.iterdir():
        os.utime(file, (NOON.timestamp(), NOON.timestamp()))
    assert pictures.forget(later) == 0
    assert len(list(folder.iterdir())) == 1
    editions.draft(Edition(MORNING, NOON.date(), (Item(story, Role.PICK),), "Ferry", "", NOON))
    assert editions.load(MORNING, number).items[0].role is Role.PICK
    assert pictures.forget(later) == 1
    assert list(folder.iterdir()) == []


def test_a_file_that_a_crash_left_is_swept_away(pictures: Pictures, folder: Path) -> None:
    folder.mkdir()
    for name, age in (("new.part", timedelta()), ("old.part", 2 * HOUR)):
        (folder / name).write_bytes(JPEG)
        stamp = (NOON - age).timestamp()
        os.utime(folder / name, (stamp, stamp))
    assert pictures.forget(NOON) == 1
    assert [file.name for file in folder.iterdir()] == ["new.part"]


@pytest.mark.parametrize("name", ["", "..", "../digest", "0" * 31, "0" * 32, "G" * 32])
def test_only_a_pictures_own_name_finds_a_file(pictures: Pictures, folder: Path, name: str) -> None:
    folder.mkdir()
    (folder.parent / "digest.jpg").write_bytes(JPEG)
    assert pictures.file(name) is None
