"""Article pages read one after the other, as their site permits; shared by pages.py and sitemap.py."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin

from digest.collect import decode, rules
from digest.collect.feed import declined
from digest.collect.harvest import Gathered, Harvest, Summarise, told
from digest.collect.http import Fetched, Web
from digest.collect.identity import canonical
from digest.collect.robots import EVERYTHING, NOTHING, SIZE, Robots, parse_robots
from digest.collect.sitemaps import Listed, story
from digest.collect.visit import Declined, Visit
from digest.collect.workers import Workers
from digest.errors import SourceError, TooMuch
from digest.model import Source, SourceState

REMEMBERED = 1_000  # addresses of articles already read, of one source


def unread(state: SourceState, listed: Sequence[Listed]) -> list[Listed]:
    """What is listed and was not read yet, or was changed since by its own account; each address once."""
    read = set(state.pages)
    last = state.last_success
    fresh = {canonical(page.url): page for page in reversed(listed)}
    return [
        page
        for name, page in reversed(fresh.items())
        if name not in read or (page.changed and last and page.changed > last)
    ]


async def read_articles(
    source: Source,
    state: SourceState,
    listed: Sequence[Listed],
    web: Web,
    workers: Workers,
    summarise: Summarise | None,
) -> Visit:
    """The stories on the listed pages, newest first. One page that fails is told, the others are read.

    Raises Declined where the server asks to be left alone, SourceError where no page could be read.
    """
    items: list[Gathered] = []
    problems: list[str] = []
    read: list[str] = []
    rules_of_site: dict[str, Robots] = {}
    for page in listed[: source.max_stories]:
        try:
            await _permitted(source, page.url, web, rules_of_site)
            answer = await _page(source, page.url, web)
            items += (await workers.run(_stories, source, page, answer, summarise)).items
        except Declined as error:
            if error.retry_after:
                raise
            problems.append(str(error))
        except SourceError as error:
            problems.append(str(error))
        read.append(canonical(page.url))
    if problems and not items:
        raise SourceError(f"none of {len(problems)} pages could be read; the first: {problems[0]}")
    pages = tuple(dict.fromkeys([*read, *state.pages]))[:REMEMBERED]
    return Visit(replace(state, pages=pages), Harvest(tuple(items), tuple(problems)), unchanged=not read)


async def _page(source: Source, url: str, web: Web) -> Fetched:
    answer = await web.get(url, allow_private=source.allow_private)
    if answer.status != 200:
        raise declined(answer)
    if answer.content_type and "html" not in answer.content_type.lower():
        raise SourceError(f"{url}: {answer.content_type} is not a web page")
    return answer


def _stories(source: Source, page: Listed, answer: Fetched, summarise: Summarise | None) -> Harvest:
    """What is done in the child process: decoded, told by its lead, chosen by the source's rules."""
    listed = replace(page, url=answer.url)
    harvest = Harvest((story(listed, decode.text(answer.body, answer.content_type)),))
    return rules.apply(source, told(harvest, summarise))


async def _permitted(source: Source, url: str, web: Web, known: dict[str, Robots]) -> None:
    """Wait for this page's turn. Raises SourceError where robots.txt forbids it."""
    if not source.robots:
        return
    address = urljoin(url, "/robots.txt")
    first = address not in known
    if first:
        known[address] = await _robots(source, address, web)
    if not known[address].allows(url):
        raise SourceError(f"{url}: {address} forbids it to {web.agent.partition('/')[0]}")
    if not first:
        await asyncio.sleep(max(web.pause, known[address].delay))


async def _robots(source: Source, address: str, web: Web) -> Robots:
    """No file means no rule; a server in trouble means all is forbidden for now (RFC 9309, 2.3.1)."""
    try:
        answer = await web.get(address, allow_private=source.allow_private, size=SIZE)
    except TooMuch:
        return EVERYTHING
    except SourceError:
        return NOTHING
    if answer.status != 200:
        return NOTHING if answer.status >= 500 else EVERYTHING
    return parse_robots(decode.text(answer.body), web.agent)
