"""What a CMS posts to /api/v1/stories: one story as JSON, or a batch of them."""

from __future__ import annotations

import json

from digest.collect import decode
from digest.collect.harvest import Gathered, Harvest, Summarise, with_leads
from digest.collect.storyjson import read_story
from digest.errors import SourceError, TooMuch

BATCH = 1_000  # stories of one request


def parse_push(data: bytes) -> Harvest:
    """The stories of one request's body: an object, a list of them, or {"stories": [...]}.

    A bad story is told with its number, counted from 1, and the good ones are kept. Posting the same again is
    harmless, since a story is known by its id or address. Raises SourceError where the body is no JSON.
    """
    try:
        given = json.loads(decode.text(data))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not JSON that can be read: {error}") from error
    stories = given.get("stories", [given]) if isinstance(given, dict) else given
    if not isinstance(stories, list):
        raise SourceError('a story, a list of stories, or {"stories": [...]} is expected')
    if len(stories) > BATCH:
        raise TooMuch(f"{len(stories):,} stories in one batch; at most {BATCH:,} are taken at once")
    items: list[Gathered] = []
    problems: list[str] = []
    for number, story in enumerate(stories, 1):
        try:
            items.append(read_story(story))
        except SourceError as error:
            problems.append(f"story {number}: {error}")
    return Harvest(tuple(items), tuple(problems))


def read_push(data: bytes, summarise: Summarise | None = None) -> Harvest:
    """The same with every lead found: in a child process, see children.py. Raises as `parse_push` does."""
    return with_leads(parse_push(data), summarise)
