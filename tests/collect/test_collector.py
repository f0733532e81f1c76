"""One visit to one source of each kind, over real sockets, databases and files."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from digest.collect import children as pool
from digest.collect import source_files
from digest.collect.children import Children
from digest.collect.collector import Collector
from digest.collect.harvest import Collected
from digest.collect.http import Web
from digest.collect.means import Means
from digest.model import Document, Source, SourceState, Summary
from tests.collect.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
NEVER = SourceState()


@pytest.fixture
def collector(web: Web, children: Children) -> Collector:
    return Collector(Means(web, children))


def source(site: Site, path: str = "/feed", **more: Any) -> Source:
    return Source("world", url=site.url(path), allow_private=True, **more)


def titles(collected: Collected) -> list[str]:
    return [item.found.title for item in collected.harvest.items]


def rss(*headlines: str) -> bytes:
    items = "".join(f"<item><title>{title}</title><link>/{title}</link></item>" for title in headlines)
    return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


def first_words(document: Document) -> Summary:
    """Stands for the lead finder, which is a stage of its own."""
    return Summary(title="Page title", lead=document.text[:9], byline="Jane Doe")


def lead_of_pages(document: Document) -> Summary:
    """Finds a lead in pages only: an entry always holds too little."""
    return Summary(lead="from the page", byline="Jane Doe") if document.kind == "html" else Summary()


def lead_and_address_of_pages(document: Document) -> Summary:
    """The same, and the page calls itself what stands after its only tag."""
    return replace(lead_of_pages(document), canonical=document.text.removeprefix("<p>"))


# ---------------------------------------------------------------- feed


async def test_a_feed_brings_its_stories_and_what_the_next_visit_needs(
    site: Site, collector: Collector
) -> None:
    site.page("/feed", rss("One", "Two"), headers={"etag": '"v1"', "last-modified": "Tue"})
    came = await collector.fetch(source(site), NEVER, NOW)
    assert (came.status, titles(came)) == ("ok", ["One", "Two"])
    assert came.state == SourceState(
        of=site.url("/feed"),
        etag='"v1"',
        last_modified="Tue",
        last_success=NOW,
        next_at=NOW + timedelta(minutes=15),
    )


async def test_an_unchanged_feed_is_not_read_again(site: Site, collector: Collector) -> None:
    site.page("/feed", rss("One"), headers={"etag": '"v1"'})
    first = await collector.fetch(source(site), NEVER, NOW)
    assert first.state.next_at
    again = await collector.fetch(source(site), first.state, first.state.next_at)
    assert (again.status, again.state.etag, titles(again)) == ("unchanged", '"v1"', [])


async def test_a_feed_that_moved_for_good_is_asked_at_its_new_place(site: Site, collector: Collector) -> None:
    site.page("/feed", status=301, headers={"location": "/new"})
    site.page("/new", rss("One"))
    first = await collector.fetch(source(site), NEVER, NOW)
    await collector.fetch(source(site), replace(first.state, next_at=None), NOW)
    assert site.paths() == ["/feed", "/new", "/new"]


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (404, "there is nothing"),
        (410, "gone for good"),
        (403, "refuses us"),
        (500, "trouble"),
        (204, "nothing to read"),
    ],
)
async def test_another_answer_than_a_feed_is_a_failure_with_its_reason(
    status: int, meaning: str, site: Site, collector: Collector
) -> None:
    site.page("/feed", status=status)
    came = await collector.fetch(source(site), NEVER, NOW)
    assert came.status == "failed"
    assert meaning in came.reason
    assert (came.state.failures, came.state.failing_since, came.state.reason) == (1, NOW, came.reason)


async def test_a_server_that_asks_for_patience_gets_it(site: Site, collector: Collector) -> None:
    site.page("/feed", status=429, headers={"retry-after": "3600"})
    came = await collector.fetch(source(site), NEVER, NOW)
    later = await collector.fetch(source(site), came.state, NOW + timedelta(minutes=59))
    assert (later.status, len(site.asked)) == ("skipped", 1)
    assert "less often" in later.reason


async def test_what_is_skipped_by_the_clock_is_visited_by_hand(site: Site, collector: Collector) -> None:
    site.page("/feed", rss("One"))
    waiting = SourceState(of=site.url("/feed"), next_at=NOW + timedelta(hours=1))
    assert (await collector.fetch(source(site), waiting, NOW)).status == "skipped"
    assert (await replace(collector, by_hand=True).fetch(source(site), waiting, NOW)).status == "ok"


async def test_a_key_in_a_feeds_address_is_told_nowhere(site: Site, collector: Collector) -> None:
    site.page("/none?apikey=quay7&edition=uk", status=404)
    with_key = source(site, "/none?apikey=quay7&edition=uk")
    came = await collector.fetch(with_key, NEVER, NOW)
    assert came.reason.startswith(f"{site.url('/none')}?apikey=…&edition=…: status 404")
    assert came.state.reason == came.reason


async def test_what_is_too_much_or_unsafe_has_its_own_cure(site: Site, collector: Collector) -> None:
    site.page("/feed", b"x" * 5_000_001)
    assert "ask its publisher" in (await collector.fetch(source(site), NEVER, NOW)).cure
    private = replace(source(site), allow_private=False)
    assert "allow_private = true" in (await collector.fetch(private, NEVER, NOW)).cure


async def test_a_private_address_needs_permission(site: Site, collector: Collector) -> None:
    came = await collector.fetch(replace(source(site), allow_private=False), NEVER, NOW)
    assert came.status == "failed"
    assert "allow_private = true permits it" in came.reason
    assert site.connections == 0


async def test_a_dead_feed_never_stops_the_others(site: Site, collector: Collector) -> None:
    site.page("/feed", rss("One"))
    site.page("/broken", b"<html>")
    paths = ["/feed", "/missing", "/broken", "/feed"]
    came = await asyncio.gather(*(collector.fetch(source(site, path), NEVER, NOW) for path in paths))
    assert [one.status for one in came] == ["ok", "failed", "failed", "ok"]


async def test_what_nobody_foresaw_ends_one_visit_and_is_logged_with_its_source(
    site: Site, web: Web, children: Children, caplog: pytest.LogCaptureFixture
) -> None:
    site.page("/feed", rss("One"))
    collector = Collector(Means(web, children, lambda document: Summary()))  # which no child can be sent
    came = await collector.fetch(source(site), NEVER, NOW)
    assert (came.status, came.state.failures) == ("failed", 1)
    assert came.reason.startswith("a mistake of ours, please report it (")
    assert [record.getMessage() for record in caplog.records] == ["source.failed"]


async def test_a_feed_made_to_run_for_minutes_is_ended_and_marked(
    site: Site, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "LIMIT", 0.3)
    attributes = " ".join(f'a{n}="x"' for n in range(50_000))  # feedparser needs a minute for them
    site.page("/feed", f"<rss><channel><item><title {attributes}>t</title></item></channel></rss>".encode())
    came = await collector.fetch(source(site), NEVER, NOW)
    assert came.status == "failed"
    assert came.reason.startswith("could not be read within")


async def test_the_sources_rules_choose_and_mark(site: Site, collector: Collector) -> None:
    site.page("/feed", rss("Ferry", "Bus", "Train"))
    came = await collector.fetch(source(site, exclude=("bus",), section="World", max_stories=1), NEVER, NOW)
    assert [(item.found.title, item.found.section) for item in came.harvest.items] == [("Ferry", "World")]


async def test_leads_are_found_in_the_child_when_a_way_is_given(
    site: Site, web: Web, children: Children
) -> None:
    site.page(
        "/feed",
        b"<rss><channel><item><title>T</title><description>Its lead.</description></item></channel></rss>",
    )
    collector = Collector(Means(web, children, summarise=no_lead))
    (item,) = (await collector.fetch(source(site), NEVER, NOW)).harvest.items
    assert (item.found.byline, item.found.title, item.document) == ("Jane Doe", "T", None)


def no_lead(document: Document) -> Summary:
    return first_words(document)


async def test_an_entry_with_too_little_is_completed_from_its_page_once(
    site: Site, web: Web, children: Children
) -> None:
    site.page("/feed", rss("Ferries"))
    site.page("/Ferries", b"<p>The ferries ran.</p>", headers={"Content-Type": "text/html"})
    collector = Collector(Means(web, children, lead_of_pages))
    first = await collector.fetch(source(site, follow=True, robots=False), NEVER, NOW)
    [item] = first.harvest.items
    assert (item.found.title, item.found.lead, item.found.byline) == ("Ferries", "from the page", "Jane Doe")
    again = await collector.fetch(
        source(site, follow=True, robots=False), replace(first.state, next_at=None), NOW + timedelta(hours=1)
    )
    assert again.harvest.items == ()
    assert site.paths().count("/Ferries") == 1


@pytest.mark.parametrize("named", ["", "https://www.example.com/article"])
async def test_an_entry_is_completed_from_where_its_link_leads(
    named: str, site: Site, web: Web, children: Children
) -> None:
    site.page("/feed", rss("Ferries"))
    site.page("/Ferries", status=302, headers={"location": "/article"})
    site.page("/article", f"<p>{named}".encode(), headers={"Content-Type": "text/html"})
    collector = Collector(Means(web, children, lead_and_address_of_pages))
    came = await collector.fetch(source(site, follow=True, robots=False), NEVER, NOW)
    assert [item.found.lead for item in came.harvest.items] == ["from the page"]


async def test_an_entry_is_not_completed_where_the_source_does_not_allow_it(
    site: Site, web: Web, children: Children
) -> None:
    site.page("/feed", rss("Ferries"))
    collected = await Collector(Means(web, children, lead_of_pages)).fetch(source(site), NEVER, NOW)
    assert [item.found.lead for item in collected.harvest.items] == [""]
    assert site.paths() == ["/feed"]


async def test_a_page_that_cannot_be_read_costs_its_entry_only_the_lead(
    site: Site, web: Web, children: Children
) -> None:
    site.page("/feed", rss("Ferries"))
    collector = Collector(Means(web, children, lead_of_pages))
    collected = await collector.fetch(source(site, follow=True, robots=False), NEVER, NOW)
    assert titles(collected) == ["Ferries"]
    assert "404" in collected.harvest.problems[0]


# ---------------------------------------------------------------- pages and sitemaps


def page(headline: str) -> bytes:
    return f"<html><head><title>{headline}</title></head><body><h1>{headline}</h1></body></html>".encode()


SECTION_PAGE = b"""<html><nav><a href="/about/">About</a><a href="/tag/ferry-and-more-of-it/">Tag</a></nav>
<a href="/news/ferry-runs-aground-off-ellery">1</a>
<a href="/news/ferry-runs-aground-off-ellery?utm_source=x">1</a>
<a href="/news/rates-fall-to-lowest-level">2</a>
<a href="https://elsewhere.example/an/article-that-is-not-ours">3</a>
<a href="javascript:alert(1)">4</a></html>"""


async def test_a_section_page_leads_to_its_articles_once(site: Site, collector: Collector) -> None:
    site.page("/news", SECTION_PAGE)
    site.page("/news/ferry-runs-aground-off-ellery", page("Ferry"))
    site.page("/news/rates-fall-to-lowest-level", page("Rates"))
    pages = source(site, "/news", kind="pages")

    came = await collector.fetch(pages, NEVER, NOW)
    assert came.status == "ok"
    assert [item.document.kind for item in came.harvest.items if item.document] == ["html", "html"]
    assert {item.found.canonical.partition("/")[2] for item in came.harvest.items} == {
        "news/ferry-runs-aground-off-ellery",
        "news/rates-fall-to-lowest-level",
    }

    again = await collector.fetch(pages, replace(came.state, next_at=None), NOW)
    assert again.status == "unchanged"
    assert site.paths().count("/news/rates-fall-to-lowest-level") == 1


async def test_pages_that_robots_txt_forbids_are_not_read(site: Site, collector: Collector) -> None:
    site.page("/robots.txt", b"User-agent: *\nDisallow: /no")
    site.page("/yes", page("Yes"))
    urls = (site.url("/no"), site.url("/yes"))
    pages = Source("pages", kind="pages", urls=urls, allow_private=True)
    came = await collector.fetch(pages, NEVER, NOW)
    assert site.paths() == ["/robots.txt", "/yes"]
    assert (came.status, len(came.harvest.items)) == ("ok", 1)
    assert "robots.txt forbids it to MorningDigest" in came.harvest.problems[0]

    own = await collector.fetch(replace(pages, robots=False, urls=urls[:1]), NEVER, NOW)
    assert "status 404" in own.reason


async def test_a_server_in_trouble_over_robots_txt_is_left_alone(site: Site, collector: Collector) -> None:
    site.page("/robots.txt", status=503)
    came = await collector.fetch(
        Source("p", kind="pages", urls=(site.url("/a"),), allow_private=True), NEVER, NOW
    )
    assert came.status == "failed"
    assert site.paths() == ["/robots.txt"]


async def test_a_page_that_is_no_page_is_told_and_the_others_are_read(
    site: Site, collector: Collector
) -> None:
    site.page("/a", page("A"))
    site.page("/b.pdf", b"%PDF", headers={"content-type": "application/pdf"})
    urls = (site.url("/b.pdf"), site.url("/a"))
    came = await collector.fetch(Source("p", kind="pages", urls=urls, allow_private=True), NEVER, NOW)
    assert len(came.harvest.items) == 1
    assert came.harvest.problems == (f"{urls[0]}: application/pdf is not a web page",)


async def test_a_site_that_asks_for_patience_is_not_asked_for_the_next_page(
    site: Site, collector: Collector
) -> None:
    site.page("/a", status=429, headers={"retry-after": "60"})
    urls = (site.url("/a"), site.url("/b"))
    came = await collector.fetch(Source("p", kind="pages", urls=urls, allow_private=True), NEVER, NOW)
    assert came.status == "failed"
    assert site.paths() == ["/robots.txt", "/a"]


async def test_what_was_read_before_a_site_asks_for_patience_is_kept(
    site: Site, collector: Collector
) -> None:
    site.page("/a", page("A"))
    site.page("/b", status=429, headers={"retry-after": "60"})
    urls = tuple(site.url(path) for path in ("/a", "/b", "/c"))
    came = await collector.fetch(Source("p", kind="pages", urls=urls, allow_private=True), NEVER, NOW)
    assert (came.status, len(came.harvest.items)) == ("ok", 1)
    assert "/c" not in site.paths()


async def test_a_page_that_gave_no_answer_is_tried_again(site: Site, collector: Collector) -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.close()

    site.page("/a", page("A"))
    site.script("/b", hang_up)
    urls = (site.url("/a"), site.url("/b"), site.url("/gone"))
    pages = Source("p", kind="pages", urls=urls, allow_private=True, every=0)
    first = await collector.fetch(pages, NEVER, NOW)
    assert len(first.harvest.problems) == 2
    site.page("/b", page("B"))
    again = await collector.fetch(pages, first.state, NOW)
    assert len(again.harvest.items) == 1
    assert site.paths().count("/gone") == 1


def sitemap(site: Site, *pages: tuple[str, datetime]) -> bytes:
    urls = "".join(
        f"<url><loc>{site.url(path)}</loc><lastmod>{at.isoformat()}</lastmod></url>" for path, at in pages
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()


async def test_a_sitemap_leads_to_its_young_pages(site: Site, collector: Collector) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.url('/news.xml.gz')}</loc></sitemap></sitemapindex>"
    site.page("/index.xml", index.encode())
    listed = sitemap(site, ("/new", NOW - timedelta(hours=1)), ("/old", NOW - timedelta(days=9)))
    site.page("/news.xml.gz", gzip.compress(listed))
    site.page("/new", page("New"))
    came = await collector.fetch(source(site, "/index.xml", kind="sitemap"), NEVER, NOW)
    assert [item.found.published for item in came.harvest.items] == [NOW - timedelta(hours=1)]
    assert "/old" not in site.paths()


async def test_a_page_that_was_changed_is_read_again(site: Site, collector: Collector) -> None:
    site.page("/map.xml", sitemap(site, ("/a", NOW - timedelta(hours=1))))
    site.page("/a", page("A"))
    maps = source(site, "/map.xml", kind="sitemap", every=0)
    first = await collector.fetch(maps, NEVER, NOW)
    assert (await collector.fetch(maps, first.state, NOW)).status == "unchanged"
    site.page("/map.xml", sitemap(site, ("/a", NOW + timedelta(minutes=5))))
    assert len((await collector.fetch(maps, first.state, NOW + timedelta(minutes=6))).harvest.items) == 1


async def test_a_packed_sitemap_that_is_a_bomb_is_refused(site: Site, collector: Collector) -> None:
    site.page("/map.xml.gz", gzip.compress(bytes(50_000_000)))
    came = await collector.fetch(source(site, "/map.xml.gz", kind="sitemap"), NEVER, NOW)
    assert "larger than 5 MB when unpacked" in came.reason


# ---------------------------------------------------------------- databases and folders

QUERY = """SELECT url, title, teaser AS summary, changed AS published_at, photo AS image_url
FROM report WHERE changed > :since"""
ROWS = [
    ("https://example.com/1", "Ferry", "A ferry.", "2026-03-10 06:00:00", "https://example.com/f.jpg"),
    ("https://example.com/2", "", "No headline.", "2026-03-10 06:00:00", None),
    ("https://example.com/3", "Old", "Old.", "2026-03-01 06:00:00", None),
]
TABLE = "CREATE TABLE report (url text, title text, teaser text, changed {}, photo text)"


@pytest.fixture
def newsroom(tmp_path: Path) -> Source:
    path = tmp_path / "newsroom.db"
    database = sqlite3.connect(path)
    database.execute(TABLE.format("text"))
    database.executemany("INSERT INTO report VALUES (?, ?, ?, ?, ?)", ROWS)
    database.commit()
    database.close()
    return Source("desk", kind="sql", url=f"sqlite:///{path}", query=QUERY)


async def test_a_newsrooms_database_is_asked_for_what_is_new(newsroom: Source, collector: Collector) -> None:
    came = await collector.fetch(newsroom, NEVER, NOW)
    (item,) = came.harvest.items
    assert item.found.title == "Ferry"
    assert item.found.published == datetime(2026, 3, 10, 6, tzinfo=UTC)
    assert item.found.picture
    assert came.harvest.problems == ('row 2: "title" is missing: a story needs its headline',)
    later = await collector.fetch(
        newsroom, replace(came.state, last_success=NOW + timedelta(days=1), next_at=None), NOW
    )
    assert titles(later) == []


@pytest.mark.parametrize(
    "query", ["DELETE FROM report", "DROP TABLE report", "SELECT nothing", "SELECT", "ATTACH ':memory:' AS m"]
)
async def test_a_query_that_is_none_changes_nothing(
    query: str, newsroom: Source, collector: Collector
) -> None:
    came = await collector.fetch(replace(newsroom, query=query), NEVER, NOW)
    assert came.status in ("failed", "ok")
    assert titles(await collector.fetch(newsroom, NEVER, NOW)) == ["Ferry"]


async def test_a_column_that_no_story_has_is_told(newsroom: Source, collector: Collector) -> None:
    came = await collector.fetch(replace(newsroom, query="SELECT title AS headline FROM report"), NEVER, NOW)
    assert came.harvest.problems[0].startswith('row 1: unknown key "headline"')


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_database_that_is_not_there_is_a_failure_and_is_not_made(
    tmp_path: Path, collector: Collector
) -> None:
    for url in (f"sqlite:///{tmp_path}/none.db", "postgresql://127.0.0.1:1/none", "mysql://127.0.0.1/x"):
        came = await collector.fetch(Source("desk", kind="sql", url=url, query="SELECT 1"), NEVER, NOW)
        assert came.status == "failed"
        assert "\n" not in came.reason
        assert "desk" not in came.reason, "whoever tells it names the source"
    assert not names_in(tmp_path)


async def test_postgresql_is_asked_the_same_way_and_read_only(
    postgresql_url: str, collector: Collector
) -> None:
    with psycopg.connect(postgresql_url) as database:
        database.execute(TABLE.format("timestamptz"))
        with database.cursor() as cursor:
            cursor.executemany("INSERT INTO report VALUES (%s, %s, %s, %s, %s)", ROWS)
    desk = Source("desk", kind="sql", url=postgresql_url, query=QUERY + " AND title LIKE 'F%' AND 1::int = 1")
    assert titles(await collector.fetch(desk, NEVER, NOW)) == ["Ferry"]
    came = await collector.fetch(replace(desk, query="DELETE FROM report RETURNING title"), NEVER, NOW)
    assert "read-only" in came.reason


async def test_a_folder_is_read_once_a_file_and_one_bad_file_spoils_none(
    tmp_path: Path, collector: Collector
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "One", "id": "1"}) + "\nbroken\n")
    (tmp_path / "b.html").write_bytes(b"")
    (tmp_path / "c.xml").write_bytes(rss("Two").replace(b"/Two", b"https://example.com/2"))
    (tmp_path / "ignored.part").write_text("x")
    folder = Source("in", kind="files", path=str(tmp_path))
    for name in names_in(tmp_path):
        os.utime(tmp_path / name, (NOW.timestamp(), NOW.timestamp()))

    came = await collector.fetch(folder, NEVER, NOW)
    assert titles(came) == ["One", "Two"]
    assert [problem.partition(":")[0] for problem in came.harvest.problems] == ["a.jsonl line 2", "b.html"]

    later = replace(came.state, last_success=NOW + timedelta(hours=1), next_at=None)
    assert (await collector.fetch(folder, later, NOW)).status == "unchanged"


async def test_a_folder_of_very_many_files_is_read_whole(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_files, "FILES", 2)
    for n in range(5):
        (tmp_path / f"{n}.jsonl").write_text(json.dumps({"title": f"Story {n}", "id": str(n)}))
    folder = Source("in", kind="files", path=str(tmp_path))
    assert len(titles(await collector.fetch(folder, NEVER, NOW))) == 5
    few = (await collector.fetch(replace(folder, max_stories=4), NEVER, NOW)).harvest
    assert (len(few.items), few.too_many) == (4, 1)


async def test_a_file_that_goes_away_while_it_is_listed_spoils_no_visit(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Path.stat

    def look_and_take_away(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = look(path, follow_symlinks=follow_symlinks)
        if path.name == "gone.jsonl":
            path.unlink()
        return found

    for name in ("a.jsonl", "gone.jsonl"):
        (tmp_path / name).write_text(json.dumps({"title": name, "id": name}))
    monkeypatch.setattr(Path, "stat", look_and_take_away)
    came = await collector.fetch(Source("in", kind="files", path=str(tmp_path)), NEVER, NOW)
    assert (came.status, titles(came)) == ("ok", ["a.jsonl"])


async def test_a_folder_that_is_not_there_is_a_failure(tmp_path: Path, collector: Collector) -> None:
    came = await collector.fetch(Source("in", kind="files", path=str(tmp_path / "none")), NEVER, NOW)
    assert came.status == "failed"
    assert "No such file" in came.reason


async def test_a_pushed_source_waits_and_an_unknown_kind_is_told(collector: Collector) -> None:
    assert (await collector.fetch(Source("cms", kind="push"), NEVER, NOW)).status == "skipped"
    assert "is not known" in (await collector.fetch(Source("x", kind="gopher"), NEVER, NOW)).reason
