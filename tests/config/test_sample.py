"""The sample headlines: what a newcomer sees first is complete, and is all invented."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from digest.resources import resource

SECTIONS = ["World", "Home News", "Business", "Culture", "Sport"]
PICTURES = "https://news.example.com/pictures/"
REAL_AGENCIES = (
    "AFP|ANSA|AP|Associated Press|Bloomberg|DPA|EFE|Interfax|Kyodo|PA|Press Association|PTI|Reuters|TASS|UPI"
)
Story = dict[str, Any]


def stories() -> list[Story]:
    return [
        json.loads(line) for line in resource("config/sample/headlines.jsonl").read_text("utf-8").splitlines()
    ]


def news() -> list[Story]:
    return [story for story in stories() if "promoted" not in story]


def words(text: str) -> list[str]:
    return re.sub(r"<[^>]+>", " ", text).split()


def test_there_is_a_morning_of_it_in_five_sections() -> None:
    count = Counter(story["section"] for story in news())
    assert list(count) == SECTIONS
    assert min(count.values()) >= 6
    assert len(news()) >= 36


@pytest.mark.parametrize("key", ["id", "url", "title"])
def test_each_story_is_told_from_the_others(key: str) -> None:
    values = [story[key] for story in stories()]
    assert len(set(values)) == len(values)


def test_only_keys_of_the_story_format_are_used() -> None:
    known = {
        "id",
        "url",
        "title",
        "section",
        "published_at",
        "body",
        "summary",
        "lead",
        "byline",
        "agency",
        "image",
        "language",
        "pick",
        "promoted",
    }
    assert {key for story in stories() for key in story} == known


def test_every_link_leads_to_a_reserved_name() -> None:
    assert all(story["url"].startswith("https://news.example.com/") for story in stories())


def test_the_stories_fit_one_morning_wherever_it_is_moved() -> None:
    """Shifted by whole days to lie in the past, the oldest must still be younger than 36 hours."""
    times = [datetime.fromisoformat(story["published_at"]) for story in stories()]
    assert all(story["published_at"].endswith("Z") for story in stories())
    assert max(times) - min(times) < timedelta(hours=12)


def test_no_story_names_a_day_that_moving_it_would_belie() -> None:
    days = r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    assert not [story["id"] for story in stories() if re.search(days, story["title"] + story["body"])]


def test_editors_have_chosen_and_paid_links_are_labelled() -> None:
    assert sum(story.get("pick", False) for story in news()) in {4, 5}
    labels = [story["promoted"] for story in stories() if "promoted" in story]
    assert labels == ["Sponsored by Lindmoor Holidays", "Advertisement"]


def test_a_subject_fits_into_an_inbox() -> None:
    picks = [story["title"] for story in news() if story.get("pick")]
    assert all(len(title) <= 65 for title in picks), picks


def test_each_story_has_a_body_worth_reading() -> None:
    for story in news():
        paragraphs = story["body"].count("<p>") or len(story["body"].split("\n\n"))
        assert paragraphs >= 3, story["id"]
        assert len(words(story["body"])) >= 75, story["id"]
        assert story.get("byline") or story.get("agency"), story["id"]


def test_bodies_come_as_newsrooms_send_them() -> None:
    bodies = [story["body"] for story in news()]
    assert sum(body.startswith("<") for body in bodies) >= 15, "HTML"
    assert sum("<" not in body for body in bodies) >= 10, "plain text"
    assert sum(bool(re.search(r"[A-Z]{3}[A-Z ]+ \([\w ]+\) —", body)) for body in bodies) >= 10, "datelines"
    assert sum("<figcaption>" in body for body in bodies) >= 3, "captions"
    assert sum(body.startswith("By ") or 'class="byline"' in body for body in bodies) >= 8, "bylines"


def test_pictures_are_described_credited_and_there() -> None:
    images = [story["image"] for story in stories() if "image" in story]
    assert len(images) >= 12
    for image in images:
        assert all(image[key] for key in ("alt", "caption", "credit")), image["url"]
        with Image.open(picture(image["url"])) as opened:
            assert (opened.format, opened.size) == ("JPEG", (image["width"], image["height"])), image["url"]
            assert opened.size == (1120, 630), image["url"]


def test_pictures_are_light_and_none_lies_about_unused() -> None:
    files = set(resource("config/sample/pictures").iterdir())
    assert files == {picture(story["image"]["url"]) for story in stories() if "image" in story}
    assert all(file.stat().st_size <= 60_000 for file in files)


def test_no_real_agency_is_named() -> None:
    text = resource("config/sample/headlines.jsonl").read_text("utf-8")
    assert not re.findall(rf"\b(?:{REAL_AGENCIES})\b", text)


def picture(url: str) -> Path:
    assert url.startswith(PICTURES)
    return resource("config/sample/pictures") / url.removeprefix(PICTURES)
