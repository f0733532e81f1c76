"""Sitemaps (sitemaps.org 0.9, with the news and image extensions) to addresses and headlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from digest.collect import clean, decode, pictures
from digest.collect.dates import parse_date
from digest.collect.harvest import Gathered, Harvest
from digest.collect.identity import canonical, identity
from digest.collect.xmltree import local_name, tree
from digest.errors import SourceError
from digest.model import Document, Found, Picture


@dataclass(frozen=True, slots=True)
class Listed:
    """One address in a sitemap and what is said of it; `published` is the news date, else the last change."""

    url: str
    title: str = ""
    published: datetime | None = None
    changed: datetime | None = None
    language: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Either pages, or (in an index) further sitemaps with the pages in them; newest first."""

    pages: tuple[Listed, ...] = ()
    sitemaps: tuple[Listed, ...] = ()


def is_sitemap(data: bytes) -> bool:
    """Whether the document's opening is that of a sitemap or of an index of them."""
    return any(root in decode.text(data[:4000]) for root in ("<urlset", "<sitemapindex", ":urlset"))


def parse_sitemap(data: bytes, url: str) -> Sitemap:
    """The sitemap's contents. Raises SourceError where it is none."""
    root = tree(data, url)
    if local_name(root) not in ("urlset", "sitemapindex"):
        raise SourceError(f"{url}: not a sitemap")
    entries = (_listed(node, url) for node in root)
    found = sorted((entry for entry in entries if entry.url), key=_age, reverse=True)
    return Sitemap(pages=tuple(found)) if local_name(root) == "urlset" else Sitemap(sitemaps=tuple(found))


def gathered_all(sitemap: Sitemap) -> Harvest:
    """The stories a news sitemap tells by itself: headlines and links, without a text to find a lead in."""
    named = [page for page in sitemap.pages if page.title]
    unnamed = len(sitemap.pages) - len(named)
    problems = (
        [f"{unnamed} addresses without a headline; a source of kind sitemap reads their pages"]
        if unnamed
        else []
    )
    if sitemap.sitemaps:
        problems.append(f"an index of {len(sitemap.sitemaps)} sitemaps; a source of kind sitemap follows it")
    return Harvest(tuple(map(gathered, named)), tuple(problems))


def gathered(page: Listed, html: str = "") -> Gathered:
    """The story of one listed page, with the page itself where it was read."""
    found = Found(
        identity=identity("", page.url),
        url=page.url,
        canonical=canonical(page.url),
        title=page.title,
        published=page.published,
        picture=page.picture,
        language=page.language,
    )
    return Gathered(found, Document(kind="html", text=html, url=page.url, title=page.title) if html else None)


def _age(page: Listed) -> float:
    moment = page.published or page.changed
    return moment.timestamp() if moment else 0.0


def _listed(node: etree._Element, base: str) -> Listed:
    texts: dict[str, str] = {}
    for part in node.iter():
        prefix = "image:" if "image" in str(part.tag).partition("}")[0] else ""
        texts.setdefault(prefix + local_name(part), (part.text or "").strip())
    changed = parse_date(texts.get("lastmod", ""))
    image = texts.get("image:loc", "")
    return Listed(
        url=clean.link(texts.get("loc", ""), base),
        title=clean.line(texts.get("title", "")),
        published=parse_date(texts.get("publication_date", "")) or changed,
        changed=changed,
        language=clean.line(texts.get("language", ""), clean.LANGUAGE),
        picture=pictures.choose([pictures.offered(image, base, caption=texts.get("image:caption", ""))]),
    )
