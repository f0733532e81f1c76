from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from digest.collect.push import parse_push
from digest.collect.storyjson import read_flat, read_story
from digest.errors import SourceError, TooMuch
from digest.model import Found, Picture

WHOLE = {
    "id": "s-1",
    "url": "https://example.com/ferry?utm_source=x",
    "title": "Ferry freed",
    "section": "World",
    "published_at": "2026-03-10T07:30:00+01:00",
    "body": "<p>A ferry was freed.</p><script>alert(1)</script>",
    "summary": "A ferry.",
    "byline": "Jane Doe",
    "agency": "AP",
    "image": {
        "url": "https://example.com/f.jpg",
        "alt": "A ferry",
        "credit": "Ann",
        "width": 1200,
        "height": 800,
    },
    "language": "en",
    "pick": True,
    "promoted": "",
}


def test_every_key_of_a_story_is_taken_up() -> None:
    gathered = read_story(WHOLE)
    assert gathered.found == Found(
        identity="s-1",
        url="https://example.com/ferry?utm_source=x",
        canonical="example.com/ferry",
        title="Ferry freed",
        published=datetime(2026, 3, 10, 6, 30, tzinfo=UTC),
        section="World",
        body="A ferry was freed.",
        summary="A ferry.",
        byline="Jane Doe",
        agency="AP",
        picture=Picture("https://example.com/f.jpg", alt="A ferry", credit="Ann", width=1200, height=800),
        language="en",
        pick=True,
    )
    assert gathered.document
    assert gathered.document.kind == "entry"


def test_a_lead_that_is_given_stands_and_none_is_looked_for() -> None:
    gathered = read_story({"title": "T", "id": "1", "lead": "Its <b>lead</b>."})
    assert gathered.found.lead == "Its lead."
    assert gathered.document is None


def test_a_database_row_names_the_pictures_parts() -> None:
    moment = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
    row = {"title": "T", "url": "https://example.com/1", "published_at": moment, "pick": "t", "byline": None}
    found = read_flat({**row, "image_url": "https://example.com/f.jpg", "image_alt": "A"}).found
    assert found.published == moment
    assert found.pick
    assert found.picture == Picture("https://example.com/f.jpg", alt="A")


@pytest.mark.parametrize(
    ("story", "message"),
    [
        ("text", "a story is a JSON object, not text"),
        ([], "a story is a JSON object, not a list"),
        ({}, '"title" is missing: a story needs its headline'),
        ({"title": " <b></b> ", "id": "1"}, '"title" is missing: a story needs its headline'),
        ({"title": "T"}, '"url" is missing: a story needs its address, or at least an "id"'),
        (
            {"title": "T", "url": "ftp://example.com/"},
            '"url" is not an http or https address: ftp://example.com/',
        ),
        ({"title": "T", "id": "1", "Titel": 1}, 'unknown key "Titel": did you mean "title"?'),
        ({"title": ["T"], "id": "1"}, '"title" must be text, not a list'),
        ({"title": True, "id": "1"}, '"title" must be text, not true or false'),
        ({"title": "T", "id": "1", "pick": "maybe"}, '"pick" must be true or false, not maybe'),
        ({"title": "T", "id": "1", "image": 7}, '"image" must be an object with "url", not a number'),
        ({"title": "T", "id": "1", "image": {"src": "x"}}, 'unknown key in image "src": known are url, alt'),
        ({"title": "T", "id": "1", "image": {"url": "x:y"}}, '"image" has no http or https "url": x:y'),
        (
            {"title": "T", "id": "1", "published_at": "soon"},
            '"published_at" is not a date: soon; write it as 2026-03-01T06:30:00Z',
        ),
    ],
)
def test_what_is_wrong_is_named_with_what_would_be_right(story: Any, message: str) -> None:
    with pytest.raises(SourceError) as error:
        read_story(story)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    "body",
    [
        b'{"title": "T", "id": "1"}',
        b'[{"title": "T", "id": "1"}]',
        b'{"stories": [{"title": "T", "id": "1"}]}',
    ],
)
def test_a_story_is_pushed_alone_or_in_a_batch(body: bytes) -> None:
    assert [item.found.title for item in parse_push(body).items] == ["T"]


def test_a_bad_story_in_a_batch_is_told_by_its_number() -> None:
    harvest = parse_push(b'[{"title": "T", "id": "1"}, {"id": "2"}, {"title": "U", "id": "3"}]')
    assert [item.found.identity for item in harvest.items] == ["1", "3"]
    assert harvest.problems == ('story 2: "title" is missing: a story needs its headline',)


@pytest.mark.parametrize("body", [b"", b"{", b"7", b'{"stories": 1}', b"[" * 100_000, b"\xff\xfe"])
def test_a_push_that_is_no_story_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError):
        parse_push(body)


def test_a_batch_has_a_limit() -> None:
    with pytest.raises(TooMuch, match="at most 1,000"):
        parse_push(b"[" + b",".join([b"{}"] * 1001) + b"]")
