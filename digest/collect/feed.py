"""A source of kind feed: one conditional GET, parsed in a child process."""

from __future__ import annotations

from dataclasses import replace

from digest.collect import rules
from digest.collect.declined import declined
from digest.collect.feeds import parse_feed
from digest.collect.follow import follow
from digest.collect.harvest import Harvest, Summarise, told
from digest.collect.http import Web
from digest.collect.visit import Visit
from digest.collect.workers import Workers
from digest.model import Source, SourceState


async def read_feed(
    source: Source, state: SourceState, web: Web, workers: Workers, summarise: Summarise | None
) -> Visit:
    """The feed's stories, or word that it has not changed. Raises SourceError where there is none."""
    answer = await web.get(
        state.moved_to or source.url,
        allow_private=source.allow_private,
        etag=state.etag,
        last_modified=state.last_modified,
    )
    if answer.status not in (200, 304):
        raise declined(answer)
    state = replace(state, moved_to=answer.moved_to or state.moved_to)
    if answer.status == 304:
        return Visit(state, unchanged=True)
    harvest = await workers.run(stories, source, answer.body, answer.content_type, answer.url, summarise)
    state = replace(state, etag=answer.etag, last_modified=answer.last_modified)
    if not source.follow:
        return Visit(state, harvest)
    return await follow(source, state, harvest, web, workers, summarise)


def stories(source: Source, data: bytes, content_type: str, url: str, summarise: Summarise | None) -> Harvest:
    """What is done in the child process: parsed, chosen by the source's rules, and told by its lead."""
    return told(rules.apply(source, parse_feed(data, content_type, url)), summarise)
