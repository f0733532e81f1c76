"""Whole sentences: where a text longer than asked may end."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from digest.summarise.shape import BREAK, ENDING

# The languages pysbd has rules for; others go by punctuation alone.
KNOWN = frozenset("en hi mr zh es am ar hy bg ur ru pl fa nl da fr my el it ja de kk sk".split())
LOOKED_AT = 3_000  # characters given to the splitter, whose cost grows with them


def cut(text: str, limit: int, language: str = "") -> str:
    """The text, or as many of its first sentences as `limit` characters hold, or its first words and "…"."""
    if len(text) <= limit:
        return text
    if limit <= 1:
        return ""
    kept = ""
    for sentence in split(text[: min(len(text), max(LOOKED_AT, limit + 500))], language):
        if len(kept) + len(sentence) > limit:
            break
        kept += sentence
    kept = kept.rstrip()
    return kept if kept and ENDING.search(kept[-12:]) else first_words(text, limit)


def first_words(text: str, limit: int) -> str:
    """The words that fit, with an ellipsis; within a script without spaces, the characters."""
    head = text[:limit].rpartition(" ")[0]
    return (head if len(head) > limit // 2 else text[: limit - 1]).rstrip(" ,;:–—-(") + "…"


def split(text: str, language: str = "") -> list[str]:
    """The text's sentences with the spaces after them: joined they are the text again."""
    code = language[:2].lower()
    if code in KNOWN or not code:
        pieces = _from_pysbd(text, code or "en")
        if "".join(pieces) == text:
            return pieces
    return _by_punctuation(text)


def _from_pysbd(text: str, code: str) -> list[str]:
    try:
        return [str(piece) for piece in _segmenter(code).segment(text)]
    except (ValueError, IndexError, AttributeError, TypeError, re.error):
        return []


@lru_cache(maxsize=32)
def _segmenter(code: str) -> Any:
    import pysbd

    return pysbd.Segmenter(language=code, clean=False)


def _by_punctuation(text: str) -> list[str]:
    pieces, start = [], 0
    for gap in BREAK.finditer(text):
        pieces.append(text[start : gap.end()])
        start = gap.end()
    return [*pieces, text[start:]]
