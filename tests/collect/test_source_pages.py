"""Which links of a section page lead to articles."""

from __future__ import annotations

from digest.collect.source_pages import article_links

URL = "https://www.example.com/news"
PAGE = '<html><body><a href="/news/ferry-runs-aground-off-ellery">Fähre</a></body></html>'


def test_a_page_that_names_its_encoding_in_its_first_line_has_links_too() -> None:
    xhtml = f'<?xml version="1.0" encoding="iso-8859-1"?>{PAGE}'.encode("latin-1")
    assert article_links(xhtml, "application/xhtml+xml", URL) == [f"{URL}/ferry-runs-aground-off-ellery"]


def test_a_page_of_nothing_has_none() -> None:
    assert article_links(b"", "text/html", URL) == []
