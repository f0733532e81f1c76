from __future__ import annotations

import io
import tracemalloc
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from digest.collect.files import parse_file
from digest.collect.harvest import Harvest
from digest.errors import SourceError, TooMuch, UsageError
from digest.model import Document

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


def parse(name: str, data: bytes | str) -> Harvest:
    data = data.encode() if isinstance(data, str) else data
    parts = list(parse_file(name, io.BytesIO(data)))
    items = tuple(item for part in parts for item in part.items)
    return Harvest(items, tuple(problem for part in parts for problem in part.problems))


def titles(harvest: Harvest) -> list[str]:
    return [item.found.title for item in harvest.items]


def test_a_bad_line_is_told_by_its_number_and_the_good_ones_are_kept() -> None:
    harvest = parse(
        "headlines.jsonl",
        '{"title": "One", "url": "https://example.com/1"}\n'
        "\n"
        '{"titel": "Two", "url": "https://example.com/2"}\n'
        "nonsense\n"
        '{"title": "Three", "url": "https://example.com/3"}',
    )
    assert titles(harvest) == ["One", "Three"]
    assert harvest.problems == (
        'headlines.jsonl line 3: unknown key "titel": did you mean "title"?',
        "headlines.jsonl line 4: not JSON: Expecting value at column 1; one story a line",
    )


def test_a_csv_file_names_its_columns() -> None:
    harvest = parse(
        "s.csv",
        "Title,url,published_at,pick,image_url,image_credit\n"
        '"Ferry, freed",https://example.com/1,2026-03-10T06:00:00Z,yes,https://example.com/f.jpg,Ann Lee\n'
        '"Two\nlines",https://example.com/2,,,,\n',
    )
    first, second = (item.found for item in harvest.items)
    assert (first.title, first.pick, second.title) == ("Ferry, freed", True, "Two lines")
    assert first.published == datetime(2026, 3, 10, 6, tzinfo=UTC)
    assert first.picture
    assert first.picture.credit == "Ann Lee"


def test_a_csv_row_with_too_many_values_is_told_by_its_line() -> None:
    harvest = parse(
        "s.csv", "title,url\nA,https://example.com/1\nB,https://example.com/2,x\nC,https://example.com/3\n"
    )
    assert titles(harvest) == ["A", "C"]
    assert harvest.problems == ("s.csv line 3: 3 values for 2 columns; a value with a comma needs quotes",)


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        ("headline,url", 'unknown column "headline"'),
        ("url,section", 'no column "title"'),
        ("", 'no column "title"'),
    ],
)
def test_a_csv_header_that_cannot_be_read_is_refused(header: str, wrong: str) -> None:
    with pytest.raises(SourceError, match=wrong):
        parse("s.csv", header + "\nx,y\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_spreadsheets_encodings_and_line_ends(encoding: str, line_end: str) -> None:
    text = line_end.join(
        ["title,url", "Grüße – Café,https://example.com/1", "Zwei,https://example.com/2", ""]
    )
    assert titles(parse("s.csv", text.encode(encoding))) == ["Grüße – Café", "Zwei"]


def test_nul_is_dropped_and_a_formula_stays_text() -> None:
    harvest = parse("s.csv", "title,url\nA\0B,https://example.com/1\n=cmd|x,https://example.com/2\n")
    assert titles(harvest) == ["AB", "=cmd|x"]


def test_a_line_without_end_costs_no_memory_and_is_told() -> None:
    chunks = iter([b'{"title": "', *[b"a" * 50_000] * 500, b'\n{"title": "Good", "id": "1"}\n'])

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: WriteableBuffer) -> int:
            chunk = next(chunks, b"")
            memoryview(buffer).cast("B")[: len(chunk)] = chunk
            return len(chunk)

    tracemalloc.start()
    parts = list(parse_file("s.jsonl", io.BufferedReader(Endless(), 64_000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [problem for part in parts for problem in part.problems] == [
        "s.jsonl line 1: longer than 1,000,000 characters"
    ]
    assert [item.found.title for part in parts for item in part.items] == ["Good"]
    assert peak < 15_000_000


def test_a_large_file_comes_in_batches() -> None:
    lines = "".join(f'{{"title": "T{n}", "url": "https://example.com/{n}"}}\n' for n in range(1200))
    sizes = [len(part.items) for part in parse_file("s.jsonl", io.BytesIO(lines.encode()))]
    assert sizes == [500, 500, 200]


def test_a_file_of_nonsense_tells_a_thousand_lines_and_counts_the_rest() -> None:
    harvest = parse("s.jsonl", "x\n" * 1500)
    assert len(harvest.problems) == 1001
    assert harvest.problems[-1] == "s.jsonl: 500 more lines that could not be read"


@pytest.mark.parametrize(("name", "kind"), [("a.html", "html"), ("a.HTM", "html"), ("a.txt", "text")])
def test_a_page_is_handed_on_whole(name: str, kind: str) -> None:
    (item,) = parse(name, "World > Europe\n\nFerry aground").items
    assert item.document == Document(kind=kind, text="World > Europe\n\nFerry aground")
    assert item.found.title == ""


def test_xml_is_a_feed_or_a_sitemap() -> None:
    assert titles(parse("a.xml", "<rss><channel><item><title>T</title></item></channel></rss>")) == ["T"]
    news = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
        "<url><loc>https://example.com/1</loc><n:news><n:title>N</n:title></n:news></url>"
        "<url><loc>https://example.com/2</loc></url></urlset>"
    )
    harvest = parse("a.xml", news)
    assert titles(harvest) == ["N"]
    assert harvest.problems == (
        "a.xml: 1 addresses without a headline; a source of kind sitemap reads their pages",
    )


def test_json_is_a_feed_or_stories() -> None:
    assert titles(parse("a.json", '{"items": [{"id": "1", "title": "Feed"}]}')) == ["Feed"]
    assert titles(parse("a.json", '[{"title": "Story", "id": "1"}]')) == ["Story"]


@pytest.mark.parametrize("name", ["a.pdf", "stories", "a.jsonl.exe"])
def test_other_kinds_are_refused_by_name(name: str) -> None:
    with pytest.raises(UsageError, match=r"known are \.jsonl \.ndjson \.csv"):
        parse(name, "x")


def test_a_page_of_more_than_five_megabytes_is_refused() -> None:
    with pytest.raises(TooMuch, match="larger than 5 MB"):
        parse("a.html", b"x" * 5_000_001)


def test_an_empty_page_is_refused() -> None:
    with pytest.raises(SourceError, match="empty"):
        parse("a.txt", " \n")
