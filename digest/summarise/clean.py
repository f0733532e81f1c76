"""A text as a reader should see it: entities read, odd characters gone, labels and pointers taken off."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from digest.summarise import words

ROUNDS = 10  # of taking off; no real text was wrapped more often
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
INVISIBLE = re.compile(
    "[\u00ad\u200b\u2060-\u2064\ufeff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffc]"
)
SPACE = re.compile(r"\s+")
LOOSE_OPENING = re.compile(r"(?<=[“(\[])\s+(?=\w)")
LOOSE_CLOSING = re.compile(r"(?<=\w)\s+(?=[,.)\]”](?:\s|$|[,.”]))")
CODE_TAG = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]{0,10})(?:\s[^<>]{0,500})?/?>")
APPEARED = re.compile(r"\s*(?:The post\b.{0,300}?)?\bappeared first on\b.{0,200}$", re.IGNORECASE | re.DOTALL)
APPEARED_LOCAL = re.compile(
    r"\s*(?:L['’]article|Der Beitrag|La entrada|O post|L['’]articolo|Het bericht|Artykuł)\s.{0,300}?"
    r"\b(?:est apparu en premier sur|erschien zuerst auf|se publicó primero en|apareceu primeiro em"
    r"|proviene da|verscheen eerst op|pochodzi z serwisu)\b.{0,200}$",
    re.IGNORECASE | re.DOTALL,
)
# A sentence that a feed or a page broke off, after whole ones.
FRAGMENT = re.compile(r"(?<=\w[.!?])\s+[^.!?…]{1,400}\s(?:…|\.{3})$")
ELLIPSIS_TAIL = re.compile(r"\s*(?:\[(?:…|\.{3}|&hellip;)\]|\((?:more|…|\.{3})\s*(?:…|\.{3})?\)|[→»›>]+)\s*$")


def plain(text: str) -> str:
    """One line of text: entities read (twice-escaped ones too), invisible characters out, spaces single."""
    for _ in range(ROUNDS):
        before, text = text, INVISIBLE.sub("", unescape(text) if ENTITY.search(text) else text)
        if text == before:
            break
    return LOOSE_CLOSING.sub("", LOOSE_OPENING.sub("", SPACE.sub(" ", text).strip()))


def without_tags(text: str) -> str:
    """Tags that were escaped once too often and now stand in the text as letters."""
    return CODE_TAG.sub(" ", text) if "<" in text else text


def trimmed(text: str) -> str:
    """Without label, pointers and credits of syndication around the report's own words."""
    for _ in range(ROUNDS):
        before, text = text, _labels().sub("", text.strip(), count=1)
        text = APPEARED_LOCAL.sub("", APPEARED.sub("", text))
        text = _tails().sub(r"\1", ELLIPSIS_TAIL.sub("", text)).strip()
        if text == before:
            break
    return FRAGMENT.sub("", text)


@cache
def _labels() -> re.Pattern[str]:
    """A label counts with its colon or bar only: "Video: ...", "LIVE | ..."."""
    listed = "|".join(map(re.escape, words.entries("label")))
    return re.compile(rf"^[\W_]*(?:{listed})\s*(?::|\||–|—|\])\s+", re.IGNORECASE)


@cache
def _tails() -> re.Pattern[str]:
    """Pointers after the end of a sentence; within one, "more" is only a word."""
    listed = "|".join(map(re.escape, words.entries("tail")))
    return re.compile(
        rf"([.!?…。！？][\"'”’»)\]]*)(?:[\s|•·\-–—\[(]*(?:{listed})(?:\s*(?:…|\.{{1,3}}|:|→|»|›|>+|\]|\)))*\s*)+$",
        re.IGNORECASE,
    )
