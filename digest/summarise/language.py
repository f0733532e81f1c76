"""A guess at a text's language, where the page does not say: by its script, else by its commonest words."""

from __future__ import annotations

import re

from digest.summarise import words

SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("fa", re.compile(r"[پچژگ]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("uk", re.compile(r"[іїєґ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
ENOUGH = 3  # of its letters or words before a language is named


def language_of(text: str) -> str:
    """A language code, or "" where too little speaks for any."""
    for code, letters in SCRIPTS:
        if len(letters.findall(text)) >= max(ENOUGH, len(text) // 40):
            return code
    tokens = re.findall(r"[^\W\d_]+", text.casefold())
    counts = {
        code: sum(tokens.count(word) for word in listed) for code, listed in words.tables()["common"].items()
    }
    code, count = max(counts.items(), key=lambda pair: pair[1])
    return code if count >= ENOUGH else ""
