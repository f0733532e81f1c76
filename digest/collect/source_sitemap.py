"""A source of kind sitemap: the articles that a (news) sitemap lists, or the newest sitemaps of an index."""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.collect.answer import declined
from digest.collect.articles import read_articles, unread
from digest.collect.decode import inflated
from digest.collect.http import SIZE
from digest.collect.means import Means
from digest.collect.sitemaps import Listed, Sitemap, parse_sitemap
from digest.collect.visit import Brought
from digest.errors import SourceError, TooMuch
from digest.model import Source, SourceState

FOLLOWED = 3  # sitemaps of an index, the newest
YOUNG = timedelta(days=2)  # what is older is no news; a news sitemap holds two days by its own rules


async def read_sitemap(source: Source, state: SourceState, now: datetime, means: Means) -> Brought:
    """The stories of listed pages that are young and were not read before. Raises SourceError."""
    sitemap = await _sitemap(source, source.url, means)
    pages = list(sitemap.pages)
    for part in sitemap.sitemaps[:FOLLOWED]:
        pages += (await _sitemap(source, part.url, means)).pages
    young = [page for page in pages if _young(page, now)]
    if pages and not young:
        raise SourceError(
            f"{source.url}: nothing younger than {YOUNG.days} days among {len(pages)} addresses"
        )
    return await read_articles(source, state, unread(state, young), means)


async def _sitemap(source: Source, url: str, means: Means) -> Sitemap:
    answer = await means.web.get(url, allow_private=source.allow_private)
    if answer.status != 200:
        raise declined(answer)
    return await means.children.run(unpacked, answer.body, answer.url)


def unpacked(data: bytes, url: str) -> Sitemap:
    """What is done in the child process: a .gz unpacked and the XML read."""
    xml = inflated(data, SIZE)
    if len(xml) > SIZE:
        raise TooMuch(f"{url}: larger than {SIZE / 1e6:g} MB when unpacked")
    return parse_sitemap(xml, url)


def _young(page: Listed, now: datetime) -> bool:
    """An address without a date may be new; what was read before is known."""
    return page.published is None or page.published > now - YOUNG
