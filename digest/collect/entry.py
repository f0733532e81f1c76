"""One entry of a feed as its format gave it, and the story it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from digest.collect import clean, pictures
from digest.collect.dates import parse_date
from digest.collect.harvest import Gathered, Harvest
from digest.collect.identity import canonical, identity
from digest.model import Document, Found, Picture

ENTRIES = 20_000  # more than any newsroom's archive feed has


@dataclass(frozen=True, slots=True)
class Entry:
    """Raw values: HTML where the format allows it, any date format, addresses perhaps relative to `base`."""

    guid: str = ""
    link: str = ""
    title: str = ""
    content: str = ""
    summary: str = ""
    date: str = ""  # ISO 8601 or RFC 5322
    author: str = ""
    section: str = ""
    language: str = ""
    pictures: tuple[Picture, ...] = ()
    base: str = ""


def gathered_all(entries: Iterable[Entry], problems: Iterable[str] = ()) -> Harvest:
    """The stories of a feed. One that says nothing at all is left out; one with an unsafe link loses it."""
    items: dict[str, Gathered] = {}
    bad = list(problems)
    for number, entry in enumerate(entries, 1):
        if number > ENTRIES:
            bad.append(f"more than {ENTRIES:,} entries: the rest were left out")
            break
        item = gathered(entry)
        if not item.found.title:
            bad.append(f"entry {number}: neither headline nor text nor link")
            continue
        if entry.link.strip() and not item.found.url:
            link = clean.line(entry.link, clean.QUOTED)
            bad.append(f"entry {number}: its link is not one that can be shown: {link}")
        _add(items, item)
    return Harvest(tuple(items.values()), tuple(bad))


def _add(items: dict[str, Gathered], item: Gathered) -> None:
    """Broken feeds give many entries one guid: then the address tells them apart. A repeat is dropped."""
    found = item.found
    first = items.get(found.identity)
    if first and canonical(first.found.url) != canonical(found.url):
        item = replace(item, found=replace(found, identity=identity("", found.url, found.title)))
    items.setdefault(item.found.identity, item)


def gathered(entry: Entry) -> Gathered:
    """The entry cleaned, with its own HTML beside it for the lead to be found in."""
    url = clean.link(entry.link, entry.base)
    summary = clean.paragraphs(entry.summary, clean.SUMMARY)
    body = clean.paragraphs(entry.content)
    title = clean.line(entry.title) or clean.line(summary or body, clean.OPENING) or slug_words(url)
    found = Found(
        identity=identity(clean.line(entry.guid, clean.ID), url, title),
        url=url,
        canonical=canonical(url),
        title=title,
        published=parse_date(entry.date),
        section=clean.line(entry.section, clean.LABEL),
        summary=summary,
        body=body,
        byline=clean.line(entry.author, clean.BYLINE),
        picture=_picture(entry),
        language=clean.line(entry.language, clean.LANGUAGE),
    )
    return Gathered(found, _document(entry, url, title))


def slug_words(url: str) -> str:
    """The words in an address, for an entry that has nothing else: a poor headline, yet nothing is lost."""
    path = url.partition("://")[2].partition("?")[0].rstrip("/")
    words = re.sub(r"\.\w{2,5}$", "", path.rpartition("/")[2]) if "/" in path else ""
    return clean.line(re.sub(r"[-_+]+", " ", words).capitalize() if re.search(r"[-_+]", words) else path)


def _document(entry: Entry, url: str, title: str) -> Document:
    return Document(
        kind="entry",
        text=clean.characters(entry.content[: clean.MARKUP]),
        summary=clean.characters(entry.summary[: clean.MARKUP]),
        url=url,
        title=title,
    )


def _picture(entry: Entry) -> Picture | None:
    """What the feed names as a picture, else the first fit one in the entry's HTML."""
    markup = entry.content[: clean.MARKUP] or entry.summary[: clean.MARKUP]
    return pictures.choose(entry.pictures) or pictures.choose(pictures.in_markup(markup, entry.base))
