"""JSON Feed 1.0 and 1.1 (jsonfeed.org) to stories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digest.collect import pictures
from digest.collect.entry import Entry
from digest.errors import SourceError
from digest.model import Picture

Fields = Mapping[str, Any]


def entries(feed: object, url: str) -> list[Entry]:
    """The feed's entries as they stand, in its order; what is no object among its items is passed over."""
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise SourceError(f"{url}: JSON without a list of items; a JSON Feed has one (jsonfeed.org)")
    return [_entry(item, feed, url) for item in feed["items"] if isinstance(item, dict)]


def _entry(item: Fields, feed: Fields, base: str) -> Entry:
    return Entry(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        content=_text(item, "content_html") or _text(item, "content_text"),
        summary=_text(item, "summary"),
        date=_text(item, "date_published") or _text(item, "date_modified"),
        author=_author(item) or _author(feed),
        section=next((tag for tag in _list(item, "tags") if isinstance(tag, str)), ""),
        language=_text(item, "language") or _text(feed, "language"),
        pictures=tuple(_pictures(item, base)),
        base=base,
    )


def _pictures(item: Fields, base: str) -> list[Picture]:
    named = [_text(item, "image"), _text(item, "banner_image")]
    attached = [
        _text(part, "url")
        for part in _list(item, "attachments")
        if isinstance(part, dict) and _text(part, "mime_type").startswith("image/")
    ]
    return [pictures.offered(address, base) for address in named + attached if address]


def _author(of: Fields) -> str:
    authors = [part for part in [*_list(of, "authors"), of.get("author")] if isinstance(part, dict)]
    return ", ".join(filter(None, (_text(author, "name") for author in authors)))


def _text(of: Fields, key: str) -> str:
    """The value as text; a number is let pass as an id, as the format says."""
    value = of.get(key)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(of: Fields, key: str) -> list[Any]:
    value = of.get(key)
    return value if isinstance(value, list) else []
