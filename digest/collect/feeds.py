"""Feeds to stories: RSS 0.9x to 2.0, RDF and Atom as feedparser reads them, and JSON Feed.

feedparser parses; it is given clean UTF-8 (see decode.py), and its own sanitising and link rewriting are off:
they take nine tenths of its time, and every text passes through clean.py anyway.
"""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from digest.collect import clean, decode, entry, jsonfeed, pictures
from digest.collect.entry import Entry
from digest.collect.harvest import Harvest
from digest.errors import SourceError
from digest.model import Picture

Fields = Mapping[str, Any]  # feedparser's entries: dictionaries that also know each other's old names

_FEED_LINK = re.compile(r"<link\b[^<>]*type=[\"']?application/(?:rss|atom|feed)\+[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"href=[\"']?([^\"'\s>]+)", re.IGNORECASE)


def parse_feed(data: bytes, content_type: str, url: str) -> Harvest:
    """The stories of a feed found at `url`. Bad entries are told among the problems, good ones kept.

    Raises SourceError where there is no feed at all.
    """
    if decode.text(data[:400], content_type).lstrip().startswith("{"):
        return entry.gathered_all(_json_entries(data, content_type, url))
    feed = _parsed(decode.xml(data, content_type), url)
    if not feed.entries and not feed.get("version"):
        raise SourceError(_no_feed(data, content_type, url))
    return entry.gathered_all(list(_entries(feed, url)), _malformed(feed))


def _json_entries(data: bytes, content_type: str, url: str) -> list[Entry]:
    try:
        return jsonfeed.entries(json.loads(decode.text(data, content_type)), url)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{url}: not JSON that can be read: {error}") from error


def _parsed(xml: str, url: str) -> Any:
    import feedparser

    # feedparser takes a picture's caption for the entry's summary, where it comes first.
    xml = xml.replace("<media:description", "<media:caption").replace(
        "</media:description", "</media:caption"
    )
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        return feedparser.parse(
            io.BytesIO(xml.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, AssertionError) as error:
        # feedparser 6.0 lets odd markup surface as whatever its parser tripped over
        raise SourceError(f"{url}: not a feed that can be read: {type(error).__name__}: {error}") from error


def _no_feed(data: bytes, content_type: str, url: str) -> str:
    page = decode.text(data, content_type)
    offered = _FEED_LINK.search(page)
    address = _HREF.search(offered[0]) if offered else None
    if address:
        return f"{url}: a web page, not a feed; the page names {clean.link(address[1], url)} as its feed"
    return f"{url}: neither RSS, Atom nor JSON Feed ({len(data):,} bytes of {content_type or 'unnamed type'})"


def _malformed(feed: Any) -> list[str]:
    if not feed.bozo:
        return []
    said = clean.line(str(feed.get("bozo_exception", "")), clean.OPENING)
    return [f"not well-formed, read as well as possible: {said}"]


def _entries(feed: Any, url: str) -> Iterator[Entry]:
    language = _text(feed.feed, "language")
    for fields in feed.entries:
        base = _text(fields, "base") or url
        yield Entry(
            guid=_text(fields, "id"),
            link=_link(fields),
            title=_text(fields, "title"),
            content=_content(fields),
            summary=_text(fields, "summary"),
            date=_date(fields),
            author=_author(fields),
            section=next((_text(tag, "term") for tag in fields.get("tags", ())), ""),
            language=_text(fields, "language") or language,
            pictures=tuple(_pictures(fields, base)),
            base=base,
        )


def _text(fields: Fields, name: str) -> str:
    """The value where it is text; of a broken feed it may be missing, empty or something else."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _link(fields: Fields) -> str:
    """The entry's link; some feeds have it only in a guid that is an address."""
    guid = _text(fields, "id")
    return _text(fields, "link") or (guid if guid.startswith(("http://", "https://")) else "")


def _content(fields: Fields) -> str:
    """The longest of the entry's contents that is text."""
    contents = [
        part
        for part in fields.get("content", ())
        if _text(part, "type").startswith(("text/", "application/xh"))
    ]
    return max((_text(part, "value") for part in contents), key=len, default="")


def _date(fields: Fields) -> str:
    """ISO 8601, UTC: feedparser has already understood some twenty ways to write a date."""
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        moment = dict.get(fields, name)  # type: ignore[call-overload]  # its own get() answers one name for another
        if moment:
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", moment)
    return ""


def _author(fields: Fields) -> str:
    names = [_text(author, "name") for author in fields.get("authors", ())]
    return ", ".join(filter(None, names)) or _text(fields, "author")


def _pictures(fields: Fields, base: str) -> Iterator[Picture]:
    """Media RSS contents and thumbnails, image enclosures, the iTunes image."""
    caption = _text(fields, "media_caption")
    credit = ", ".join(_text(part, "content") for part in fields.get("media_credit", ()))
    for part in [*fields.get("media_content", ()), *fields.get("media_thumbnail", ())]:
        if part.get("medium", "image") == "image" and part.get("type", "image/").startswith("image/"):
            yield pictures.offered(
                _text(part, "url"),
                base,
                caption=caption,
                credit=credit,
                width=part.get("width", 0),
                height=part.get("height", 0),
            )
    for part in fields.get("enclosures", ()):
        if _text(part, "type").startswith("image/"):
            yield pictures.offered(_text(part, "href"), base)
    if isinstance(fields.get("image"), Mapping):
        yield pictures.offered(_text(fields["image"], "href"), base)
