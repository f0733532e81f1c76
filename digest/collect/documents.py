"""Files that are seen as a whole: a page, a feed, a sitemap."""

from __future__ import annotations

import json
from pathlib import PurePath

from digest.collect import clean, decode, sitemaps
from digest.collect.feeds import parse_feed
from digest.collect.harvest import Gathered, Harvest
from digest.collect.push import parse_push
from digest.collect.sitemaps import is_sitemap, parse_sitemap
from digest.errors import SourceError, TooMuch
from digest.model import Document, Found

WHOLE = 5_000_000  # bytes


def parse_whole(name: str, data: bytes) -> Harvest:
    """The stories of a page, feed or sitemap. Raises TooMuch above 5 MB, SourceError where it is none."""
    if len(data) > WHOLE:
        raise TooMuch(f"{name}: larger than {WHOLE // 1_000_000} MB, which no page or feed is")
    harvest = WHOLE_KINDS[PurePath(name).suffix.lower()](name, data)
    return Harvest(harvest.items, tuple(f"{name}: {problem}" for problem in harvest.problems))


def _page(name: str, data: bytes) -> Harvest:
    return _document(name, "html", decode.text(data))


def _plain(name: str, data: bytes) -> Harvest:
    return _document(name, "text", decode.text(data))


def _document(name: str, kind: str, text: str) -> Harvest:
    """A page whose headline, address and lead are still to be found in it (harvest.completed)."""
    text = clean.characters(text)
    if not text.strip():
        raise SourceError(f"{name}: empty")
    found = Found(identity="", url="", title="")
    return Harvest((Gathered(found, Document(kind=kind, text=text)),))


def _xml(name: str, data: bytes) -> Harvest:
    if is_sitemap(data):
        return sitemaps.gathered_all(parse_sitemap(data, name))
    return parse_feed(data, "", name)


def _json(name: str, data: bytes) -> Harvest:
    """A JSON Feed, or stories as the push API takes them."""
    try:
        feed = json.loads(decode.text(data))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{name}: not JSON: {error}") from error
    if isinstance(feed, dict) and "items" in feed:
        return parse_feed(data, "application/feed+json", name)
    return parse_push(data)


WHOLE_KINDS = {
    ".html": _page,
    ".htm": _page,
    ".txt": _plain,
    ".xml": _xml,
    ".rss": _xml,
    ".atom": _xml,
    ".json": _json,
}
