"""Which segments a reader gets, and what is said of them: subject, greeting, preheader, minutes.

Plain text in, plain text out; all wordings come from the rendering itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from digest.model import Rendering, Segment
from digest.render.texts import clip, without_stop

WORDS_A_MINUTE = 230  # silent reading of English news; other languages are close enough
SUBJECT_LIMIT = 70  # characters that a desktop inbox shows
PREHEADER = (35, 140)  # characters: less lets the body's first words in, more is not shown


class Said(NamedTuple):
    """What differs between two choices of sections besides the stories themselves."""

    subject: str
    greeting: str
    preheader: str
    minutes: str


def minutes(words: int) -> int:
    """Minutes to read `words`, rounded up; never none."""
    return max(1, math.ceil(words / WORDS_A_MINUTE))


def kept(
    segments: Sequence[Segment], chosen: AbstractSet[str] | None, had: AbstractSet[int]
) -> tuple[int, ...]:
    """Which segments, by position, a reader gets who chose these sections (None: all) and had these stories.

    A heading goes when none of its stories is left.
    """
    stay = [
        n
        for n, segment in enumerate(segments)
        if (chosen is None or not segment.section or segment.section in chosen) and segment.story not in had
    ]
    left = {segments[n].story for n in stay}
    return tuple(n for n in stay if not segments[n].heads or not left.isdisjoint(segments[n].heads))


def said_of(rendering: Rendering, numbers: Sequence[int]) -> Said:
    """The wordings for a mail of the segments at these positions."""
    segments = [rendering.segments[n] for n in numbers]
    headlines = [segment.headline for segment in segments if segment.headline]
    read = rendering.phrases["minutes"][minutes(sum(segment.words for segment in segments)) - 1]
    subject = _subject(rendering, headlines)
    whole = len(segments) == len(rendering.segments)
    preheader = rendering.phrases["preheader"][0] if whole else ""
    if not _fits(preheader, subject):
        preheader = _preheader(rendering, subject, headlines, read)
    return Said(subject, _greeting(rendering, headlines), preheader, read)


def _subject(rendering: Rendering, headlines: Sequence[str]) -> str:
    """The edition's own; for a reader who had its main story, the first headline that is new to them."""
    main = next((segment.headline for segment in rendering.segments if segment.headline), "")
    if headlines and main not in headlines:
        return clip(headlines[0], SUBJECT_LIMIT)
    return rendering.phrases["subject"][0]


def _greeting(rendering: Rendering, headlines: Sequence[str]) -> str:
    names = [without_stop(headline) for headline in headlines[:3]]
    pieces = list(rendering.phrases[f"greeting {len(names)}"])
    for n, name in enumerate(names):
        if name.endswith(("?", "!", "…", "؟", "？", "！")):
            pieces[n + 1] = pieces[n + 1].lstrip(".。")
    return "".join(chain.from_iterable(zip(pieces, [*names, ""], strict=True)))


def _fits(preheader: str, subject: str) -> bool:
    low, high = PREHEADER
    return low <= len(preheader) <= high and preheader.casefold() != subject.casefold()


def _preheader(rendering: Rendering, subject: str, headlines: Sequence[str], read: str) -> str:
    """Two headlines that the subject does not say already, and more where they are short."""
    low, high = PREHEADER
    further = [headline for headline in headlines if not _same(headline, subject)]
    text = " · ".join(further[:2])
    for more in (*further[2:], *rendering.phrases["filler"], read, *rendering.phrases["greeting 0"]):
        if len(text) >= low:
            break
        text = f"{text} · {more}" if text else more
    return clip(text, high)


def _same(headline: str, subject: str) -> bool:
    """Whether the subject already says it, cut short or as a part of more."""
    return subject.casefold().rstrip("…") in headline.casefold() or headline.casefold() in subject.casefold()
