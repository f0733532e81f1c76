"""What the letters alone tell of a text, in any language: words, sentences, letters."""

from __future__ import annotations

import re
import unicodedata

# Scripts written without spaces: two characters make about a word.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
ENDING = re.compile(r"[.!?…。！？؟۔।॥։][\"'”’“»›)\]」』〉》]*\s*$")
BREAK = re.compile(r"[.!?…؟۔।][\"'”’»)\]]*\s+(?=[\"'“„«(\[¿¡]*[^\W\d_a-zß-öø-ÿ])|[。！？][」』]?")


def count_words(text: str) -> int:
    """Words of a text; in scripts without spaces, two characters count as one."""
    unspaced = len(UNSPACED.findall(text))
    if not unspaced:
        return len(WORD.findall(text))
    return unspaced // 2 + len(WORD.findall(UNSPACED.sub(" ", text)))


def ends_sentence(text: str) -> bool:
    return ENDING.search(text[-12:]) is not None


def count_sentences(text: str) -> int:
    return len(BREAK.findall(text.rstrip())) + 1


def stems(text: str) -> frozenset[str]:
    """The beginnings of a text's telling words, to ask how much texts share; pairs in unspaced scripts."""
    telling = {word[:6] for word in WORD.findall(text.casefold()) if len(word) > 3}
    unspaced = "".join(UNSPACED.findall(text))
    return frozenset(telling.union(unspaced[place : place + 2] for place in range(len(unspaced) - 1)))


def letters(text: str) -> str:
    """Letters and digits alone, case and compatibility forms folded: two texts alike to a reader."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
