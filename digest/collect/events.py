"""Which stories of different sources tell one event, so that a reader is told it once, "also reported by".

Two stories are compared by the words of headline and lead, each weighed by how rare it is among the day's
stories (inverse document frequency). A false merge hides a story, a miss only repeats one; hence all rules in
`same_event` must agree. What they reach is measured in tests/collect/test_events.py, told in docs/sources.md.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from digest.model import Story

WINDOW = timedelta(hours=16)  # later than this it is the next day's news of it
ALIKE = 0.32  # cosine of all words, at least
NAMES = 0.5  # of the weight of names and numbers in either: the same people, places and figures
KNOWN = 16.0  # weight of the names that both have: one country alone is none
DEEDS = 14.0  # weight of the other words that both have: the same thing done
SAME_TEXT = 0.8  # of the leads' words: one report, carried by both
LONG = 10  # words of a lead that can be recognised
STEM = 6  # letters of a word that are compared: "resigns" and "resigned" are one
BACKGROUND = 200  # stories that a word's rarity is reckoned among, however many there are
COMMON = 50  # stories with a name from which on it no longer leads from one to another

_WORD = re.compile(r"(\W*)(\w+(?:[.,]\d+)*)")  # with what stands before it
_SENTENCE_END = frozenset(".!?:")
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august"  # noqa: SIM905 - words, not strings
    " september october november december".split()
)

Weights = Mapping[str, float]
Stems = list[tuple[str, bool | None]]  # and whether its word has a capital; None where any would


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared of a story: stems, those of them that are names or numbers, and what both weigh."""

    story: Story
    words: frozenset[str]
    lead: frozenset[str]
    names: frozenset[str]
    weight: float
    names_weight: float


def shown_as_one(stories: Sequence[Story]) -> list[Story]:
    """The stories but those that tell what one before them tells, which gets their sources' names.

    The order of `stories` says which is preferred. Two stories of one source are never taken for one, nor
    is a promoted one for any.
    """
    told, weights = _told(stories)
    index = _by_name(told)
    others: dict[int, list[str]] = {}
    hidden: set[int] = set()
    for place in range(len(told)):
        if place not in hidden:
            same = list(_others(place, told, index, hidden, weights))
            hidden.update(same)
            others[place] = [name for later in same for name in _sources(told[later].story)]
    return [_named(told[place].story, names) for place, names in others.items()]


def same_event(one: Told, other: Told, weights: Weights) -> bool:
    """Whether both tell what happened to the same people in the same place within the same hours."""
    names = one.names & other.names
    same = _weight(names, weights)
    if same < max(KNOWN, NAMES * (one.names_weight + other.names_weight - same)):
        return False
    if all(name[0].isdigit() for name in names):  # figures alone: as old, as many, somebody else
        return False
    shared = one.words & other.words
    return (
        sum(math.sqrt(weights[word]) for word in shared - names) >= DEEDS
        and _weight(shared, weights) >= ALIKE * math.sqrt(one.weight * other.weight)
        and abs(one.story.published - other.story.published) <= WINDOW
    )


def same_report(one: Told, other: Told) -> bool:
    """Whether both carry one text, as papers do with an agency's; its names must be the same to the last."""
    fewer, more = sorted((len(one.lead), len(other.lead)))
    if fewer < max(LONG, SAME_TEXT * more):
        return False
    shared = len(one.lead & other.lead)
    return shared >= SAME_TEXT * (fewer + more - shared) and one.names & one.lead == other.names & other.lead


def _others(
    place: int, told: Sequence[Told], index: Mapping[str, list[int]], hidden: set[int], weights: Weights
) -> Iterator[int]:
    """The places of later stories that tell the same, one of each further source at most."""
    one = told[place]
    sources = {one.story.source}
    later = {near for name in one.names for near in index[name] if near > place} - hidden
    for near in sorted(later):
        other = told[near]
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


# ---------------------------------------------------------------- words and their weights


def _told(stories: Sequence[Story]) -> tuple[list[Told], Weights]:
    titles = [_stems(story.title) for story in stories]
    leads = [_stems(story.lead) for story in stories]
    names = _names(titles, leads)
    in_lead = [frozenset(stem for stem, _ in lead) for lead in leads]
    words = [lead | {stem for stem, _ in title} for lead, title in zip(in_lead, titles, strict=True)]
    weights = _weights(words)
    told = [
        Told(story, all_, lead, all_ & names, _weight(all_, weights), _weight(all_ & names, weights))
        for story, all_, lead in zip(stories, words, in_lead, strict=True)
    ]
    return told, weights


def _stems(text: str) -> Stems:
    """The text's words cut to their stems; the first of a sentence would have a capital anyway."""
    stems: Stems = []
    for place, (gap, word) in enumerate(_WORD.findall(text)):
        stem, capital = _seen(word)
        if stem:
            first = place == 0 or (gap != " " and not _SENTENCE_END.isdisjoint(gap))
            stems.append((stem, None if first else capital))
    return stems


@lru_cache(maxsize=50_000)
def _seen(word: str) -> tuple[str, bool]:
    """A word's stem, and whether it is written as names and figures are."""
    return _stem(word), word[0].isupper() or (word[0].isdigit() and len(word) > 1)


def _stem(word: str) -> str:
    """The word without case, accents and ending; "" for one that tells nothing."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    if plain[0].isdigit():
        return plain
    if len(plain) < 3 or plain in _DAYS:
        return ""
    return plain[:STEM] if len(plain) > STEM else plain.rstrip("s")


def _names(titles: Iterable[Stems], leads: Iterable[Stems]) -> set[str]:
    """What is written with a capital more often than without, all stories taken together.

    Headlines That Capitalise Every Word tell nothing of it, and are not asked.
    """
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for words in (*leads, *(title for title in titles if not _every_word_capitalised(title))):
        capital.update(stem for stem, has_capital in words if has_capital)
        small.update(stem for stem, has_capital in words if has_capital is False)
    return {stem for stem in capital if capital[stem] > small[stem]}


def _every_word_capitalised(title: Stems) -> bool:
    known = [has_capital for _, has_capital in title if has_capital is not None]
    return len(known) >= 3 and sum(known) > 0.7 * len(known)


def _weights(words: Sequence[frozenset[str]]) -> Weights:
    """Inverse document frequency, squared, as a cosine adds it up.

    Reckoned as among BACKGROUND stories, so that the limits above mean the same on a day of five thousand.
    """
    frequency = Counter(stem for one in words for stem in one)
    scale = BACKGROUND / max(len(words), BACKGROUND)
    return {stem: math.log(1 + BACKGROUND / max(1, count * scale)) ** 2 for stem, count in frequency.items()}


def _weight(stems: frozenset[str], weights: Weights) -> float:
    return sum(map(weights.__getitem__, stems))


def _by_name(told: Sequence[Told]) -> Mapping[str, list[int]]:
    index: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(told):
        for name in one.names:
            index[name].append(place)
    return defaultdict(list, {name: places for name, places in index.items() if len(places) <= COMMON})
