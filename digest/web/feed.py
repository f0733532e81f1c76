"""A newsletter's past editions as an Atom feed (RFC 4287). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from digest.model import Look, Newsletter
from digest.render.layout import Block
from digest.render.texts import clean
from digest.store.archive import Archived

ATOM = "http://www.w3.org/2005/Atom"
NEVER = "1970-01-01T00:00:00Z"  # Atom demands a date, also of a feed without entries


def feed(newsletter: Newsletter, look: Look, entries: Sequence[tuple[Archived, Sequence[Block]]]) -> bytes:
    """The feed's bytes, UTF-8. `entries` are editions, newest first, with their pieces."""
    home = f"{look.url}/archive/{newsletter.slug}"
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": newsletter.language})
    _add(root, "id", home)
    _add(root, "title", clean(newsletter.title))
    _add(root, "updated", _stamp(entries[0][0]) if entries else NEVER)
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{home}/feed.xml"})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": home})
    _add(ET.SubElement(root, "author"), "name", clean(look.site))
    for past, pieces in entries:
        _entry(root, past, f"{home}/{past.date}", pieces)
    told: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return told


def _entry(root: ET.Element, past: Archived, url: str, pieces: Sequence[Block]) -> None:
    entry = ET.SubElement(root, "entry")
    _add(entry, "id", url)
    _add(entry, "title", clean(past.subject))
    _add(entry, "updated", _stamp(past))
    _add(entry, "published", _stamp(past))
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": url})
    _add(entry, "summary", clean(past.preheader))
    content = _add(entry, "content", _html(pieces))
    content.set("type", "html")


def _html(pieces: Sequence[Block]) -> str:
    """The headlines told in full, with their leads."""
    body = ET.Element("div")
    for piece in pieces:
        if piece.headline:
            _add(body, "h3", piece.title)
            _add(body, "p", piece.lead)
    return ET.tostring(body, encoding="unicode", method="html")


def _add(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child


def _stamp(past: Archived) -> str:
    return past.frozen_at.strftime("%Y-%m-%dT%H:%M:%SZ")
