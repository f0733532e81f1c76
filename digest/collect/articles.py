"""Article pages read one after the other, as their site permits; shared by pages.py and sitemap.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin

from digest.collect import decode, rules
from digest.collect.answer import Declined, Fetched, declined
from digest.collect.harvest import Gathered, Harvest, Summarise, with_leads
from digest.collect.http import Web
from digest.collect.identity import canonical
from digest.collect.means import Means
from digest.collect.robots import EVERYTHING, NOTHING, SIZE, Robots, parse_robots
from digest.collect.sitemaps import Listed, gathered
from digest.collect.visit import Brought
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
    means: Means,
) -> Brought:
    """The stories on the listed pages, in their order. One page that fails is told, the others are read.

    A page whose server gave no answer is tried again on the next visit. Raises SourceError where no page
    could be read, Declined where the server asks to be left alone before the first one.
    """
    items: list[Gathered] = []
    problems: list[str] = []
    ruled_out = 0
    answered: list[str] = []
    robots: dict[str, Robots] = {}
    for page in listed[: source.max_stories]:
        try:
            read = await _story(source, page, means, robots)
            items += read.items
            ruled_out += read.ruled_out
            answered.append(canonical(page.url))
        except SourceError as error:
            problems.append(str(error))
            if isinstance(error, Declined):
                if error.retry_after and not items:
                    raise
                if error.retry_after:
                    break
                answered.append(canonical(page.url))
    if problems and not items:
        raise SourceError(f"none of {len(problems)} pages could be read; the first: {problems[0]}")
    pages = tuple(dict.fromkeys([*answered, *state.pages]))[:REMEMBERED]
    harvest = Harvest(tuple(items), tuple(problems), ruled_out, max(0, len(listed) - source.max_stories))
    return Brought(replace(state, pages=pages), harvest, unchanged=not listed)


async def _story(source: Source, page: Listed, means: Means, robots: dict[str, Robots]) -> Harvest:
    """The page's story, none where the source's rules leave it out."""
    await _permitted(source, page.url, means.web, robots)
    answer = await _page(source, page.url, means.web)
    return await means.children.run(_stories, source, page, answer, means.summarise)


async def _page(source: Source, url: str, web: Web) -> Fetched:
    answer = await web.get(url, allow_private=source.allow_private)
    if answer.status != 200:
        raise declined(answer)
    if answer.content_type and "html" not in answer.content_type.lower():
        raise SourceError(f"{url}: {answer.content_type} is not a web page")
    return answer


def _stories(source: Source, page: Listed, answer: Fetched, summarise: Summarise | None) -> Harvest:
    """What is done in the child process: decoded, told by its lead, chosen by the source's rules.

    In this order, unlike with other kinds: the headline and section that the rules look at are in the page.
    """
    listed = replace(page, url=answer.url)
    item = replace(gathered(listed, decode.text(answer.body, answer.content_type)), asked=canonical(page.url))
    return rules.apply(source, with_leads(Harvest((item,)), summarise))


async def _permitted(source: Source, url: str, web: Web, known: dict[str, Robots]) -> None:
    """Wait for this page's turn. Raises Declined where robots.txt forbids it."""
    if not source.robots:
        return
    address = urljoin(url, "/robots.txt")
    if address not in known:
        known[address] = await _robots(source, address, web)
    if not known[address].allows(url):
        raise Declined(f"{url}: {address} forbids it to {web.agent.partition('/')[0]}")
    await web.pace(url, known[address].delay)


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
