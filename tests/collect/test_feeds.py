from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from digest.collect.feeds import parse_feed
from digest.collect.harvest import Harvest
from digest.errors import SourceError
from digest.model import Document, Found, Picture

URL = "https://www.example.com/world/rss"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>World</title><link>https://www.example.com/</link><language>en-ie</language>
<item>
  <title>Ferry runs aground &amp; is freed</title>
  <link>https://www.example.com/world/ferry?utm_source=rss</link>
  <guid isPermaLink="false">tag:example.com,2026:1</guid>
  <pubDate>Tue, 10 Mar 2026 06:30:00 +0100</pubDate>
  <dc:creator>Jane Doe</dc:creator>
  <category>World</category>
  <description>&lt;p&gt;A ferry ran aground.&lt;/p&gt;</description>
  <content:encoded><![CDATA[<p>A ferry ran aground off Ellery.</p><p>Nobody was hurt.</p>]]></content:encoded>
  <media:content url="/img/ferry.jpg" medium="image" width="1200" height="800">
    <media:description>The ferry at dawn</media:description><media:credit>Ann Lee</media:credit>
  </media:content>
</item></channel></rss>"""


def parse(text: str, content_type: str = "application/xml") -> Harvest:
    return parse_feed(text.encode(), content_type, URL)


def only(text: str) -> Found:
    (item,) = parse(text).items
    return item.found


def item(inside: str, before: str = "") -> str:
    return f"<rss version='2.0'><channel>{before}<item>{inside}</item></channel></rss>"


def test_everything_an_rss_entry_tells_is_taken_up() -> None:
    (gathered,) = parse(RSS).items
    assert gathered.found == Found(
        identity="tag:example.com,2026:1",
        url="https://www.example.com/world/ferry?utm_source=rss",
        canonical="example.com/world/ferry",
        title="Ferry runs aground & is freed",
        published=datetime(2026, 3, 10, 5, 30, tzinfo=UTC),
        section="World",
        summary="A ferry ran aground.",
        body="A ferry ran aground off Ellery.\n\nNobody was hurt.",
        byline="Jane Doe",
        picture=Picture(
            url="https://www.example.com/img/ferry.jpg",
            caption="The ferry at dawn",
            credit="Ann Lee",
            width=1200,
            height=800,
        ),
        language="en-ie",
    )
    assert gathered.document == Document(
        kind="entry",
        text="<p>A ferry ran aground off Ellery.</p><p>Nobody was hurt.</p>",
        summary="<p>A ferry ran aground.</p>",
        url="https://www.example.com/world/ferry?utm_source=rss",
        title="Ferry runs aground & is freed",
    )


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.example.com/news/">
<title>N</title><entry><title type="html">Rates &amp;amp; prices</title><link href="rates"/>
<id>urn:1</id><updated>2026-03-10T05:30:00Z</updated><author><name>Jane Doe</name></author>
<summary type="html">&lt;b&gt;Rates&lt;/b&gt; fell.</summary></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>N</title></channel>
<item rdf:about="https://www.example.com/news/rates"><title>Rates &amp; prices</title>
<link>https://www.example.com/news/rates</link><description>Rates fell.</description>
<dc:date>2026-03-10T05:30:00Z</dc:date><dc:creator>Jane Doe</dc:creator></item></rdf:RDF>"""

RSS_091 = """<rss version="0.91"><channel><title>N</title><item><title>Rates &amp; prices</title>
<link>https://www.example.com/news/rates</link><description>Rates fell.</description>
<pubDate>10 Mar 2026 05:30 GMT</pubDate><author>jane@example.com (Jane Doe)</author></item></channel></rss>"""

JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{"id": 7,
"url": "https://www.example.com/news/rates", "title": "Rates & prices", "summary": "Rates fell.",
"content_html": "<p>Rates fell.</p>", "date_published": "2026-03-10T06:30:00+01:00",
"authors": [{"name": "Jane Doe"}]}]}"""


@pytest.mark.parametrize(
    "feed", [ATOM, RDF, RSS_091, JSON_FEED], ids=["Atom", "RDF", "RSS 0.91", "JSON Feed"]
)
def test_every_format_tells_the_same_story(feed: str) -> None:
    found = only(feed)
    assert found.title == "Rates & prices"
    assert found.url == "https://www.example.com/news/rates"
    assert found.published == datetime(2026, 3, 10, 5, 30, tzinfo=UTC)
    assert found.summary == "Rates fell."
    assert found.byline == "Jane Doe"


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("<title>t</title><link>/a</link>", "https://www.example.com/a"),
        ("<title>t</title><guid>https://www.example.com/b</guid>", "https://www.example.com/b"),
        (
            "<title>t</title><guid isPermaLink='false'>https://www.example.com/b</guid>",
            "https://www.example.com/b",
        ),
        ("<title>t</title>", ""),
        ("<title>t</title><link>javascript:alert(1)</link>", ""),
        ("<title>t</title><link>https://me:secret@www.example.com/</link>", ""),
    ],
)
def test_where_an_entry_leads(entry: str, url: str) -> None:
    assert only(item(entry)).url == url


def test_an_unsafe_link_is_told_and_the_story_kept() -> None:
    harvest = parse(item("<title>t</title><link>javascript:alert(1)</link>"))
    assert len(harvest.items) == 1
    assert harvest.problems == ("entry 1: its link is not one that can be shown: javascript:alert(1)",)


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("<title>Half &#xD800; a pair</title>", "Half \ufffd a pair"),
        ("<title>It&#146;s here</title>", "It’s here"),
        ("<title>One\nline</title>", "One line"),
        ("<title>A &lt;b&gt;bold&lt;/b&gt; word</title>", "A bold word"),
        ("<title>Caf&eacute; opens</title>", "Café opens"),
        ("<title/><description>No headline, but a text.</description>", "No headline, but a text."),
        ("<link>https://example.com/2026/ferry-runs-aground.html</link>", "Ferry runs aground"),
    ],
)
def test_no_headline_is_lost(entry: str, title: str) -> None:
    assert only(item(entry)).title == title


def test_a_malformed_feed_keeps_its_good_entries_and_says_so() -> None:
    harvest = parse("<rss><channel><item><title>One</title></item><item><title>Two & three</title></channel>")
    assert [item.found.title for item in harvest.items] == ["One", "Two & three"]
    assert "not well-formed" in harvest.problems[0]


def test_a_feed_cut_off_in_the_middle_keeps_what_came() -> None:
    whole = "<rss><channel>" + "".join(f"<item><title>Story {n}</title></item>" for n in range(9))
    assert len(parse(whole + "<item><title>Sto").items) >= 9


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
def test_an_encoding_other_than_the_one_declared(encoding: str) -> None:
    text = item("<title>Grüße aus Köln</title>").replace(
        "<rss", "<?xml version='1.0' encoding='utf-8'?><rss", 1
    )
    (gathered,) = parse_feed(text.encode(encoding), "text/xml; charset=us-ascii", URL).items
    assert gathered.found.title == "Grüße aus Köln"


def test_one_guid_for_all_entries_does_not_make_them_one() -> None:
    entries = "".join(
        f"<item><title>T{n}</title><link>/{n}</link><guid isPermaLink='false'>same</guid></item>"
        for n in range(3)
    )
    harvest = parse(f"<rss><channel>{entries}</channel></rss>")
    assert [item.found.identity for item in harvest.items] == ["same", "example.com/1", "example.com/2"]


def test_a_pictures_caption_is_not_taken_for_the_summary() -> None:
    media = '<media:content url="/f.jpg"><media:description>A caption</media:description></media:content>'
    entry = item(f"{media}<title>t</title><description>The news.</description>")
    found = only(entry.replace("<rss", '<rss xmlns:media="http://search.yahoo.com/mrss/"'))
    assert found.summary == "The news."
    assert found.picture == Picture("https://www.example.com/f.jpg", caption="A caption")


def test_an_entry_given_twice_is_one_story() -> None:
    entry = "<item><title>T</title><link>/1</link><guid>g</guid></item>"
    assert len(parse(f"<rss><channel>{entry}{entry}</channel></rss>").items) == 1


@pytest.mark.parametrize("date", ["", "yesterday", "0000-00-00", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_date_that_cannot_be_meant_is_none(date: str) -> None:
    assert only(item(f"<title>t</title><pubDate>{date}</pubDate>")).published is None


def test_a_web_page_in_place_of_a_feed_is_refused_and_its_own_feed_named() -> None:
    page = "<html><head><link rel=alternate type='application/rss+xml' href='/feed.xml'></head></html>"
    with pytest.raises(SourceError, match=r"names https://www\.example\.com/feed\.xml as its feed"):
        parse(page, "text/html")


@pytest.mark.parametrize("data", ["", "plain words", "{}", '{"items": 3}', "{", "[" * 100_000, "<a/>"])
def test_what_is_no_feed_is_refused_in_one_line(data: str) -> None:
    with pytest.raises(SourceError) as error:
        parse(data)
    assert "\n" not in str(error.value)


def test_a_feed_without_entries_is_no_error() -> None:
    assert parse("<rss version='2.0'><channel><title>Quiet</title></channel></rss>").items == ()


DAMAGE = [
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"&#xD800;",
    b"&",
    b"<",
    b"\0",
    b"\xff\xfe",
    b"\x92",
    b"<!DOCTYPE x [",
    b"xmlns:a='b'",
]
DAMAGE += [
    b"http://[",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"</item>",
    b"<title type='xhtml'>",
    b"<base href='x'>",
]


@pytest.mark.parametrize("feed", [RSS, ATOM, RDF, JSON_FEED], ids=["RSS", "Atom", "RDF", "JSON Feed"])
def test_whatever_is_done_to_a_feed_it_is_read_or_refused(feed: str) -> None:
    chance = random.Random(feed)
    for _ in range(150):
        data = bytearray(feed.encode())
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(data))
            data[place : place + chance.choice([0, 0, 1, 30])] = chance.choice(
                [*DAMAGE, b"", bytes([chance.randrange(256)])]
            )
        with suppress(SourceError):
            assert all(item.found.title for item in parse_feed(bytes(data), "", URL).items)


SECRET = "nothing of this file is told"


@pytest.mark.parametrize(
    "attack",
    [
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file://{file}'>]>" + item("<title>t &x;</title>"),
        "<!DOCTYPE r SYSTEM 'file://{file}'>" + item("<title>t</title>"),
        "<!DOCTYPE r [<!ENTITY % p SYSTEM 'file://{file}'> %p;]>" + item("<title>t</title>"),
        "<rss xmlns:xi='http://www.w3.org/2001/XInclude'><channel><item><title>t "
        "<xi:include href='{file}' parse='text'/></title></item></channel></rss>",
    ],
    ids=["entity", "external DTD", "parameter entity", "XInclude"],
)
def test_no_file_is_read_for_a_feed(attack: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("secret") / "secret.txt"
    file.write_text(SECRET)
    assert SECRET not in repr(parse(attack.format(file=file)))


def test_a_billion_laughs_stay_short() -> None:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    bomb = f"<!DOCTYPE r [<!ENTITY l0 'ha'>{laughs}]>" + item("<title>t &l9;</title><link>/a</link>")
    assert len(repr(parse(bomb))) < 100_000
