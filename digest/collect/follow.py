"""Entries that hold too little for a lead, completed from their own page where the source allows it."""

from __future__ import annotations

from dataclasses import fields, replace

from digest.collect.articles import read_articles, unread
from digest.collect.harvest import Gathered, Harvest
from digest.collect.means import Means
from digest.collect.sitemaps import Listed
from digest.collect.visit import Brought
from digest.errors import SourceError
from digest.model import Found, Source, SourceState


async def follow(source: Source, state: SourceState, harvest: Harvest, means: Means) -> Brought:
    """The harvest with what its articles' pages tell; each page is read once.

    An entry whose page was read on an earlier visit is stored already, and better told than it stands here:
    it is left out. Pages that cannot be read cost their entry nothing but the lead.
    """
    short = {item.found.canonical: item for item in harvest.items if _too_little(item)}
    listed = unread(state, [Listed(url=item.found.url) for item in short.values()])
    try:
        read = await read_articles(source, state, listed, means)
    except SourceError as error:
        read = Brought(state, Harvest(problems=(str(error),)))
    pages = {page.asked: page.found for page in read.harvest.items}
    known = set(state.pages)
    items = tuple(
        Gathered(_completed(item.found, pages.get(item.found.canonical)))
        for item in harvest.items
        if not (item.found.canonical in short and item.found.canonical in known)
    )
    return Brought(
        read.state, replace(harvest, items=items, problems=harvest.problems + read.harvest.problems)
    )


def _too_little(item: Gathered) -> bool:
    return not item.found.lead and bool(item.found.url)


def _completed(entry: Found, page: Found | None) -> Found:
    """What the entry says itself stands; the page fills what it left open."""
    if page is None:
        return entry
    told = {field.name: getattr(page, field.name) for field in fields(Found)}
    return replace(
        entry, **{name: value for name, value in told.items() if value and not getattr(entry, name)}
    )
