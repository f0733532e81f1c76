"""Past editions: for everyone the same, with nobody's name in them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from lxml import html

from digest.model import Picture
from digest.tokens import Purpose
from digest.web import archive
from digest.web.feed import ATOM
from tests.builders import found
from tests.web.site import MORNING, URL, Newspaper, heading

EDITION = "/archive/morning/2026-03-10"


async def test_editions_stand_at_stable_addresses_newest_first(paper: Newspaper) -> None:
    paper.issue("harbour")
    paper.clock.turn(days=1)
    paper.issue("glacier")
    for path in ("/archive", "/archive/morning"):
        links = html.fromstring((await paper.get(path)).text).xpath("//main//li//a/@href")
        assert links == ["/archive/morning/2026-03-11", EDITION]
    page = await paper.get(EDITION)
    assert heading(page) == "The Harbour Post"
    assert "The harbour story" in page.text


async def test_a_long_archive_goes_on_overleaf(paper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PER_PAGE", 2)
    for name in ("harbour", "glacier", "orchard"):
        paper.issue(name)
        paper.clock.turn(days=1)
    page = html.fromstring((await paper.get("/archive/morning")).text)
    older = page.xpath("//p[@class='onward']/a/@href")
    assert older == ["/archive/morning?before=2026-03-11"]
    rest = html.fromstring((await paper.get(older[0])).text)
    assert len(rest.xpath("//main//li")) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/archive/other",
        "/archive/morning/2026-03-09",
        "/archive/morning/yesterday",
        "/archive/other/feed.xml",
    ],
)
async def test_what_is_not_there_is_said(paper: Newspaper, path: str) -> None:
    paper.issue("harbour")
    answer = await paper.get(path)
    assert (answer.status_code, heading(answer)) == (404, "There is nothing here")


async def test_a_draft_is_nobodys_to_read(paper: Newspaper) -> None:
    of = paper.app.newsletters[0]
    paper.issue("harbour")
    stored = paper.app.editions.find(of, paper.clock().date())
    assert stored is not None
    with paper.app.database.write() as connection:
        connection.exec_driver_sql("UPDATE edition SET state = 'draft'")
    assert (await paper.get(EDITION)).status_code == 404
    assert "harbour" not in (await paper.get("/archive")).text


async def test_no_readers_token_or_address_is_in_it(paper: Newspaper) -> None:
    reader = paper.reader("ada@example.com")
    paper.issue("harbour")
    tokens = [paper.app.tokens.sign(purpose, reader.ref) for purpose in Purpose]
    for path in ("/", "/archive", "/archive/morning", EDITION, "/archive/morning/feed.xml"):
        page = (await paper.get(path)).text
        assert "ada@example.com" not in page
        assert not any(token[:20] in page for token in tokens)
        assert "/unsubscribe/" not in page
        assert "/preferences/" not in page


@pytest.mark.parametrize("path", ["/archive", "/archive/morning", EDITION, "/archive/morning/feed.xml"])
async def test_a_page_that_has_not_changed_is_not_sent_again(paper: Newspaper, path: str) -> None:
    paper.issue("harbour")
    first = await paper.get(path)
    assert "public" in first.headers["cache-control"]
    again = await paper.get(path, **{"if-none-match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (await paper.get(path)).content == first.content


async def test_a_new_edition_makes_a_new_list(paper: Newspaper) -> None:
    paper.issue("harbour")
    tag = (await paper.get("/archive/morning")).headers["etag"]
    paper.clock.turn(days=1)
    paper.issue("glacier")
    assert (await paper.get("/archive/morning", **{"if-none-match": tag})).status_code == 200


async def test_the_feed_is_atom_with_every_edition(paper: Newspaper) -> None:
    paper.issue("harbour", "glacier")
    answer = await paper.get("/archive/morning/feed.xml")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ET.fromstring(answer.content)
    names = {"a": ATOM}
    assert feed.findtext("a:id", namespaces=names) == f"{URL}/archive/morning"
    assert [entry.findtext("a:id", namespaces=names) for entry in feed.findall("a:entry", names)] == [
        URL + EDITION
    ]
    assert "The glacier story" in (feed.findtext("a:entry/a:content", namespaces=names) or "")
    page = html.fromstring((await paper.get("/archive/morning")).text)
    assert page.xpath("//link[@type='application/atom+xml']/@href") == ["/archive/morning/feed.xml"]


async def test_an_empty_feed_is_a_feed(paper: Newspaper) -> None:
    feed = ET.fromstring((await paper.get("/archive/morning/feed.xml")).content)
    assert feed.findall(f"{{{ATOM}}}entry") == []


async def test_foreign_words_stay_words(paper: Newspaper) -> None:
    title = "<script>alert(1)</script> {{7*7}} & \x0b]]>"
    paper.app.stories.save(
        "wire", [found("evil", title=title, lead="<img src=x onerror=alert(1)>")], paper.clock()
    )
    paper.clock.turn(minutes=1)
    paper.issue()
    for path in (EDITION, "/", "/archive"):
        page = (await paper.get(path)).text
        assert "<script" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page
        assert "{{7*7}}" in page
    assert ET.fromstring((await paper.get("/archive/morning/feed.xml")).content) is not None


async def test_pictures_of_other_hosts_are_left_out(paper: Newspaper) -> None:
    for name, host in (("ours", URL), ("theirs", "https://pictures.example.net")):
        picture = Picture(f"{host}/{name}.jpg", "A harbour", width=1120, height=630)
        paper.app.stories.save("wire", [found(name, picture=picture)], paper.clock())
        paper.clock.turn(minutes=1)
        paper.issue()
        page = (await paper.get(f"/archive/morning/{paper.clock().date()}")).text
        assert (f"{host}/{name}.jpg" in page) is (name == "ours")
        paper.clock.turn(days=1)


async def test_under_a_path_every_link_keeps_to_it(paper: Newspaper) -> None:
    below = Newspaper(paper.app.settings.folder, [MORNING], url="https://example.com/digest")
    page = html.fromstring((await below.get("/archive")).text)
    links = page.xpath("//@href | //form/@action")
    assert links
    assert all(link.startswith("/digest/") for link in links)
    below.close()
