"""What kind of line a short text is: a date, a byline, a picture's credit, a note, furniture."""

from __future__ import annotations

import re
from functools import cache

from digest.summarise import shape, words

CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
NAME_FOLLOWS = re.compile(rf"[:\s]+(?:\w+\s+)?{CAPITAL}")
CREDIT_TAIL = re.compile(r"\([^()]{2,80}\)\W*$|[/|©]\s*[\w .,'’-]{2,40}$")
HALF_DAY = re.compile(r"\b[ap]\.?\s?m\b\.?", re.IGNORECASE)
NUMBER = re.compile(r"\d+\w{0,2}")
COPYRIGHT = re.compile(r"©|\(c\)\s*\d{4}", re.IGNORECASE)
GALLERY = re.compile(r"\d{1,3}\s*(?:of|/|von|de|sur|di|z|из)\s*\d{1,3}(?!\d)", re.IGNORECASE)  # "1 of 4"
LABEL_END = re.compile(r"\W*[:|–—\])-]|\s")
CREDIT_LABEL = re.compile(r"[^.:]{0,25}[:/©|]")


def is_date(text: str) -> bool:
    """Little is left of the text when dates, times and the words around them are taken away."""
    if not any(map(str.isdigit, text)) or shape.count_words(text) > 25:
        return False
    left = re.sub(r"[\W\d_]+", "", HALF_DAY.sub("", without_dates(text)))
    return len(left) <= 0.25 * len(re.sub(r"\W+", "", text))


def without_dates(text: str) -> str:
    """The text without names of months and days, and the words around dates."""
    return _date_words().sub(" ", text)


def is_byline(text: str) -> bool:
    """A word like "By" and a few names; no sentence."""
    opening = words.opening("byline").match(text)
    if not opening or not NAME_FOLLOWS.match(text, opening.end()) or shape.count_words(text) > 25:
        return False
    names = without_dates(NUMBER.sub(" ", text))
    return shape.count_words(names) <= (8 if shape.ends_sentence(text) else 20)


def is_credit(text: str) -> bool:
    """A picture's credit, or a caption that ends with one."""
    if len(text) > 500:
        return False
    if GALLERY.match(text):
        return True
    if COPYRIGHT.search(text):
        return True
    opening = words.opening("credit").match(text)
    if opening and CREDIT_LABEL.match(text, opening.end()):
        return True
    tail = CREDIT_TAIL.search(text)
    return bool(tail and (words.anywhere("credit").search(tail.group()) or agency_in(tail.group())))


def is_note(text: str) -> bool:
    """It speaks about the text, or points elsewhere."""
    opening = words.opening("note").match(text)
    return bool(opening and LABEL_END.match(text[opening.end() :] or " "))


def furniture(text: str) -> int:
    """How many calls to the reader and site words a text holds."""
    return words.phrases("furniture").count(text[:600])


def agency_in(text: str) -> str:
    """The agency named in a text, by the name we keep, else ""."""
    return next((name for name, pattern in _agencies() if pattern.search(text)), "")


def is_agency(text: str) -> bool:
    """Nothing but an agency's name, perhaps in brackets: how it signs."""
    bare = text.strip(" ()[]–—-./")
    return any(pattern.fullmatch(bare) for _, pattern in _agencies())


def before_date(text: str) -> str:
    """A byline's names without the date that follows them on the same line."""
    digit = re.search(r"\d", text)
    head = text[: digit.start()] if digit else text
    while (last := re.search(r"[\W_]*(\w+)[\W_]*$", head)) and _date_words().fullmatch(last[1]):
        head = head[: last.start()]
    return head.strip(" ,;|–—-·•") or text


@cache
def _date_words() -> re.Pattern[str]:
    return re.compile(
        "|".join(words.anywhere(table).pattern for table in ("month", "day", "dated")), re.IGNORECASE
    )


@cache
def _agencies() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """As written: "AP" and "SID" are agencies, "ap" and "Sid" are not."""
    return tuple(
        (name, re.compile("|".join(rf"(?<![\w-]){re.escape(form)}(?![\w-])" for form in forms)))
        for name, forms in words.tables()["agency"].items()
    )
