"""Which stories of different sources tell one event, so that a reader is told it once, "also reported by".

Two stories are compared by the words of headline and lead, each weighed by how rare it is among the day's
stories (inverse document frequency). A false merge hides a story, a miss only repeats one; hence all rules in
`same_event` must agree. What they reach is measured in tests/collect/test_events.py, told in docs/sources.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from digest.collect.weights import Compared, Weights, compared, weight
from digest.model import Story

WINDOW = timedelta(hours=16)  # later than this it is the next day's news of it
ALIKE = 0.32  # cosine of all words, at least
NAMES = 0.5  # of the weight of names and numbers in either: the same people, places and figures
KNOWN = 16.0  # weight of the names that both have: one country alone is none
DEEDS = 14.0  # weight of the other words that both have: the same thing done
SAME_TEXT = 0.8  # of the leads' words: one report, carried by both
LONG = 10  # words of a lead that can be recognised
COMMON = 50  # stories with a name from which on it no longer leads from one to another


def shown_as_one(stories: Sequence[Story]) -> list[Story]:
    """The stories but those that tell what one before them tells, which gets their sources' names.

    The order of `stories` says which is preferred. Two stories of one source are never taken for one, nor
    is a promoted one for any.
    """
    rows, weights = compared(stories)
    index = _by_name(rows)
    others: dict[int, list[str]] = {}
    hidden: set[int] = set()
    for place in range(len(rows)):
        if place not in hidden:
            same = list(_others(place, rows, index, hidden, weights))
            hidden.update(same)
            others[place] = [name for later in same for name in _sources(rows[later].story)]
    return [_named(rows[place].story, names) for place, names in others.items()]


def same_event(one: Compared, other: Compared, weights: Weights) -> bool:
    """Whether both tell what happened to the same people in the same place within the same hours."""
    names = one.names & other.names
    same = weight(names, weights)
    if same < max(KNOWN, NAMES * (one.names_weight + other.names_weight - same)):
        return False
    if all(name[0].isdigit() for name in names):  # figures alone: as old, as many, somebody else
        return False
    shared = one.words & other.words
    return (
        sum(math.sqrt(weights[word]) for word in shared - names) >= DEEDS
        and weight(shared, weights) >= ALIKE * math.sqrt(one.weight * other.weight)
        and abs(one.story.published - other.story.published) <= WINDOW
    )


def same_report(one: Compared, other: Compared) -> bool:
    """Whether both carry one text, as papers do with an agency's; its names must be the same to the last."""
    fewer, more = sorted((len(one.lead), len(other.lead)))
    if fewer < max(LONG, SAME_TEXT * more):
        return False
    shared = len(one.lead & other.lead)
    return shared >= SAME_TEXT * (fewer + more - shared) and one.names & one.lead == other.names & other.lead


def _others(
    place: int, rows: Sequence[Compared], index: Mapping[str, list[int]], hidden: set[int], weights: Weights
) -> Iterator[int]:
    """The places of later stories that tell the same, one of each further source at most."""
    one = rows[place]
    sources = {one.story.source}
    later = {near for name in one.names for near in index[name] if near > place} - hidden
    for near in sorted(later):
        other = rows[near]
        if other.story.source in sources or one.story.promoted or other.story.promoted:
            continue
        if same_report(one, other) or same_event(one, other, weights):
            sources.add(other.story.source)
            yield near


def _sources(story: Story) -> tuple[str, ...]:
    return (story.source, *story.also_by)


def _named(story: Story, others: Iterable[str]) -> Story:
    names = dict.fromkeys([*story.also_by, *others])
    return replace(story, also_by=tuple(name for name in names if name != story.source))


def _by_name(rows: Sequence[Compared]) -> Mapping[str, list[int]]:
    index: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(rows):
        for name in one.names:
            index[name].append(place)
    return defaultdict(list, {name: places for name, places in index.items() if len(places) <= COMMON})
