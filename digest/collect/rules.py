"""A source's own rules: which of its stories are taken, and what is set on them."""

from __future__ import annotations

import re
from dataclasses import replace

from digest.collect.harvest import Gathered, Harvest
from digest.errors import ConfigError
from digest.model import Found, Source


def compiled(rule: str) -> re.Pattern[str]:
    """A rule as a pattern: a word or phrase matches as whole words, /…/ is a regular expression; no case.

    Raises ConfigError for an expression that is none.
    """
    if len(rule) > 2 and rule.startswith("/") and rule.endswith("/"):
        try:
            return re.compile(rule[1:-1], re.IGNORECASE)
        except re.error as error:
            raise ConfigError(f"rule {rule} is not a regular expression: {error}") from error
    words = r"\s+".join(re.escape(word) for word in rule.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def apply(source: Source, harvest: Harvest) -> Harvest:
    """The newest `max_stories` of what the source's rules let through, with its section and language set."""
    wanted = tuple(_marked(source, item) for item in harvest.items if wants(source, item.found))
    ruled_out = len(harvest.items) - len(wanted)
    return newest(source, replace(harvest, items=wanted, ruled_out=ruled_out))


def newest(source: Source, *harvests: Harvest) -> Harvest:
    """One harvest of all: the newest `max_stories`, the others counted as too many."""
    items = [item for harvest in harvests for item in harvest.items]
    # A feed's own order stands among the undated, which come first: they are as new as this visit.
    items.sort(key=lambda item: -item.found.published.timestamp() if item.found.published else float("-inf"))
    return Harvest(
        items=tuple(items[: source.max_stories]),
        problems=tuple(problem for harvest in harvests for problem in harvest.problems),
        ruled_out=sum(harvest.ruled_out for harvest in harvests),
        too_many=sum(harvest.too_many for harvest in harvests) + max(0, len(items) - source.max_stories),
    )


def wants(source: Source, found: Found) -> bool:
    """Whether the rules let a story through, by its headline, summary, section and address."""
    text = "\n".join((found.title, found.summary, found.section, found.url))
    included = not source.include or any(compiled(rule).search(text) for rule in source.include)
    return included and not any(compiled(rule).search(text) for rule in source.exclude)


def _marked(source: Source, item: Gathered) -> Gathered:
    """A story's own language stands before the source's, the source's section before the story's own."""
    found = item.found
    section, language = source.section or found.section, found.language or source.language
    return replace(item, found=replace(found, section=section, language=language))
