from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.collect.sitemaps import parse_sitemap
from digest.errors import SourceError
from digest.model import Picture

NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://example.com/old</loc><lastmod>2026-03-01</lastmod></url>
<url><loc> https://example.com/ferry </loc><lastmod>2026-03-10T07:00:00Z</lastmod>
  <news:news><news:publication><news:name>N</news:name><news:language>en</news:language></news:publication>
    <news:publication_date>2026-03-10T06:30:00Z</news:publication_date>
    <news:title>Ferry &amp; crew freed</news:title></news:news>
  <image:image><image:loc>https://example.com/f.jpg</image:loc><image:caption>Dawn</image:caption></image:image></url>
<url><loc>javascript:alert(1)</loc></url>
</urlset>"""

INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://example.com/1.xml</loc><lastmod>2026-03-01</lastmod></sitemap>
<sitemap><loc>https://example.com/2.xml.gz</loc><lastmod>2026-03-10</lastmod></sitemap></sitemapindex>"""


def test_a_news_sitemap_tells_headlines_newest_first() -> None:
    ferry, old = parse_sitemap(NEWS, "https://example.com/s.xml").pages
    assert (ferry.url, ferry.title, ferry.language) == (
        "https://example.com/ferry",
        "Ferry & crew freed",
        "en",
    )
    assert ferry.published == datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
    assert ferry.changed == datetime(2026, 3, 10, 7, tzinfo=UTC)
    assert ferry.picture == Picture("https://example.com/f.jpg", caption="Dawn")
    assert (old.title, old.published) == ("", datetime(2026, 3, 1, tzinfo=UTC))


def test_an_index_tells_its_sitemaps_newest_first() -> None:
    sitemap = parse_sitemap(INDEX, "https://example.com/s.xml")
    assert [part.url for part in sitemap.sitemaps] == [
        "https://example.com/2.xml.gz",
        "https://example.com/1.xml",
    ]
    assert not sitemap.pages


@pytest.mark.parametrize("data", [b"", b"<html/>", b"text", b"<rss/>"])
def test_what_is_no_sitemap_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        parse_sitemap(data, "https://example.com/s.xml")


def test_a_sitemap_cut_off_keeps_what_came() -> None:
    assert len(parse_sitemap(NEWS[:-120], "x").pages) >= 1
