"""What is compared of two stories: the words of headline and lead, which are names, and what each weighs."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.model import Story

STEM = 6  # letters of a word that are compared: "resigns" and "resigned" are one
BACKGROUND = 200  # stories that a word's rarity is reckoned among, however many there are

_WORD = re.compile(r"(\W*)(\w+(?:[.,]\d+)*)")  # with what stands before it
_SENTENCE_END = frozenset(".!?:")
_DAYS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december
    """.split()
)

Weights = Mapping[str, float]
Stems = list[tuple[str, bool | None]]  # and whether its word has a capital; None where any would


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared of a story: stems, those of them that are names or numbers, and what both weigh."""

    story: Story
    words: frozenset[str]
    lead: frozenset[str]
    names: frozenset[str]
    weight: float
    names_weight: float


def compared(stories: Sequence[Story]) -> tuple[list[Compared], Weights]:
    """What is compared of each story, and what every word of the day weighs."""
    titles = [_stems(story.title) for story in stories]
    leads = [_stems(story.lead) for story in stories]
    names = _names(titles, leads)
    in_lead = [frozenset(stem for stem, _ in lead) for lead in leads]
    words = [lead | {stem for stem, _ in title} for lead, title in zip(in_lead, titles, strict=True)]
    weights = _weights(words)
    rows = [
        Compared(story, all_, lead, all_ & names, weight(all_, weights), weight(all_ & names, weights))
        for story, all_, lead in zip(stories, words, in_lead, strict=True)
    ]
    return rows, weights


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


def weight(stems: frozenset[str], weights: Weights) -> float:
    """What these words weigh together."""
    return sum(map(weights.__getitem__, stems))
