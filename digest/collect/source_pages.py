"""A source of kind pages: articles by address, or a section page and the articles it links to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree, html

from digest.collect import clean, decode
from digest.collect.answer import declined
from digest.collect.articles import read_articles, unread
from digest.collect.identity import canonical
from digest.collect.means import Means
from digest.collect.sitemaps import Listed
from digest.collect.visit import Brought
from digest.errors import SourceError
from digest.model import Source, SourceState

LINKS = 500  # of one section page

# An article's path ends in a slug of several words, or carries a date or a long number.
_ARTICLE = re.compile(
    r"/[^/]*[a-z0-9]+(?:[-_][a-z0-9]+){3,}[^/]*/?$|/20\d\d/[01]?\d/|[/-]\d{6,}", re.IGNORECASE
)
_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|authors?|categor(?:y|ies)|search|page|about|login|account)/", re.IGNORECASE
)


async def read_pages(source: Source, state: SourceState, means: Means) -> Brought:
    """The stories of pages not read before. Raises SourceError where no page can be had."""
    listed = [Listed(url) for url in source.urls]
    if source.url:
        listed += await _on_section_page(source, means)
    return await read_articles(source, state, unread(state, listed), means)


async def _on_section_page(source: Source, means: Means) -> list[Listed]:
    answer = await means.web.get(source.url, allow_private=source.allow_private)
    if answer.status != 200:
        raise declined(answer)
    links = await means.children.run(
        article_links, answer.body, answer.content_type, answer.url, source.links
    )
    if not links:
        wanted = f"with {source.links} in their address" if source.links else "that look like articles"
        raise SourceError(
            f"{answer.url}: no links {wanted}; set `links` to a part of the articles' addresses"
        )
    return [Listed(link) for link in links]


def article_links(page: bytes, content_type: str, url: str, part: str = "") -> list[str]:
    """The page's links to articles of its own site, in its order; with `part`, those that have it inside."""
    text = decode.text(page, content_type)
    try:
        # As bytes: lxml refuses text that names an encoding, as XHTML does in its first line.
        tree = html.document_fromstring(text.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):  # nothing in it that is a page
        return []
    links = (clean.link(str(node.get("href") or ""), url) for node in tree.iter("a"))
    found: dict[str, str] = {}
    for link in links:
        if link and _is_article(link, url, part):
            found.setdefault(canonical(link), link)
    return list(found.values())[:LINKS]


def _is_article(link: str, page: str, part: str) -> bool:
    if part:
        return part in link
    path = urlsplit(link).path
    same_site = canonical(link).partition("/")[0] == canonical(page).partition("/")[0]
    return same_site and bool(_ARTICLE.search(path)) and not _NO_ARTICLE.search(path)
