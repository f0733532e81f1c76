"""A source of kind feed: one conditional GET, parsed in a child process."""

from __future__ import annotations

from dataclasses import replace

from digest.collect import rules
from digest.collect.answer import declined
from digest.collect.feeds import parse_feed
from digest.collect.follow import follow
from digest.collect.harvest import Harvest, Summarise, with_leads
from digest.collect.means import Means
from digest.collect.visit import Brought
from digest.model import Source, SourceState


async def read_feed(source: Source, state: SourceState, means: Means) -> Brought:
    """The feed's stories, or word that it has not changed. Raises SourceError where there is none."""
    answer = await means.web.get(
        state.moved_to or source.url,
        allow_private=source.allow_private,
        etag=state.etag,
        last_modified=state.last_modified,
    )
    if answer.status not in (200, 304):
        raise declined(answer)
    state = replace(state, moved_to=answer.moved_to or state.moved_to)
    if answer.status == 304:
        return Brought(state, unchanged=True)
    harvest = await means.children.run(
        stories, source, answer.body, answer.content_type, answer.url, means.summarise
    )
    state = replace(state, etag=answer.etag, last_modified=answer.last_modified)
    if not source.follow:
        return Brought(state, harvest)
    return await follow(source, state, harvest, means)


def stories(source: Source, data: bytes, content_type: str, url: str, summarise: Summarise | None) -> Harvest:
    """What is done in the child process: parsed, chosen by the source's rules, and told by its lead."""
    return with_leads(rules.apply(source, parse_feed(data, content_type, url)), summarise)
