"""A list of feeds as other readers export it (OPML 2.0) to sources."""

from __future__ import annotations

import re

from lxml import etree

from digest.collect import clean
from digest.collect.xmltree import local_name, tree
from digest.errors import SourceError
from digest.model import Source


def parse_opml(data: bytes, name: str = "the OPML file") -> tuple[Source, ...]:
    """The feeds listed, each once; a folder they lie in becomes their section. Raises SourceError."""
    root = tree(data, name)
    if local_name(root).lower() != "opml":
        raise SourceError(f"{name}: not an OPML file")
    sources: dict[str, Source] = {}
    for outline in root.iter("outline"):
        url = clean.link(outline.get("xmlUrl") or outline.get("xmlurl") or "")
        if url and all(source.url != url for source in sources.values()):
            source = _source(outline, url, sources)
            sources[source.name] = source
    if not sources:
        raise SourceError(f"{name}: no feed in it; a feed is an outline with an xmlUrl")
    return tuple(sources.values())


def _source(outline: etree._Element, url: str, taken: dict[str, Source]) -> Source:
    parent = outline.getparent()
    inside = parent is not None and parent.tag == "outline"
    section = _label(parent) if inside and parent is not None else ""
    plain = re.sub(r"[^a-z0-9]+", "-", (_label(outline) or url.partition("//")[2]).lower()).strip("-")[:40]
    plain = plain or "feed"  # nothing in it that a name is made of: another script than Latin
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}-{number}", number + 1
    return Source(name=name, kind="feed", url=url, section=section)


def _label(outline: etree._Element) -> str:
    return clean.line(outline.get("title") or outline.get("text") or "", clean.LABEL)
