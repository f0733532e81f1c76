"""The dateline before a report, "LONDON (Reuters) - ": told from a sentence's first words, and taken off.

No list of all places exists, so a dateline is known by its shape: a short run of names before a dash, colon
or closing bracket, and something that names it as one: an agency, a date, capitals, or a city that papers
write so.
"""

from __future__ import annotations

import re
from functools import cache

from digest.summarise import lines, words
from digest.summarise.shape import count_words

LONGEST = 110  # characters in which a dateline must have ended
SEPARATOR = re.compile(
    r"""
      \s*(?:—|–|―|--+|\u0640|−)\s*-?\s*  # a long dash, or the Arabic tatweel
    | \.?\s+-\s+ | \.-\s* | \s-(?=\S)     # a hyphen between spaces, or Spanish ".-"
    | :\s+ | \s=\s | \s*\|\s+
    | [)）]\s*(?:[:.|]|\.?\s*[-–—]+)?\s*
    | \s*[】］]\s*
    | \.\s*/[^/]{2,20}/\.?\s*            # ". /TASS/. "
    | [電电]\s+
    """,
    re.VERBOSE,
)
BRACKETS = re.compile(r"[(（\[【［][^()（）]{1,60}[)）\]】］]?|/[^/\s]{2,20}/")
CJK_WIRE = re.compile(
    r"(?:[【［（][^】］）]{2,40}[】］）]|(?:新华社|新華社|中新网|中新社|人民网|央视网|共同社)[^。，]{0,25}?[电電讯訊])"
    r"\s*(?:[（(]记者[^）)]*[）)])?\s*"
)
KOREAN_WIRE = re.compile(r"\([^()]{2,20}=[^()]{2,20}\)\s*(?:[^=]{2,30}=\s*)?")
NUMBER = re.compile(r"\d+(?:st|nd|rd|th|\.|º)?")
ABBREVIATION = re.compile(r"(?:[A-Z][a-z]{1,4}\.|(?:[A-Z]\.){1,3}|[A-Z]{2})$")
SENTENCE = re.compile(r"[.!?](?:\s|$)")


def split_dateline(text: str) -> tuple[str, str]:
    """("LONDON (Reuters)", "The report ...") or ("", the text) where it has none."""
    dateline, rest = _split(text)
    if dateline[:1] in ("(", "（", "/"):  # "(ANSA) - ROMA, 3 MAG - ..."
        place, after = _split(rest)
        return (f"{dateline} {place}", after) if place else (dateline, rest)
    return dateline, rest


def _split(text: str) -> tuple[str, str]:
    wire = KOREAN_WIRE.match(text) or CJK_WIRE.match(text)
    if wire and _is_wire(wire.group()):
        return wire.group().strip(), text[wire.end() :]
    best = ("", text)
    for gap in SEPARATOR.finditer(text, 0, LONGEST):
        head, rest = _parts(text, gap)
        if rest and _is_dateline(head, gap.group().strip(), rest):
            best = (head, rest)
        elif count_words(head) > 9:
            break
    return best


def _is_wire(text: str) -> bool:
    """Brackets before Chinese, Japanese or Korean text hold a wire, or a place and a paper."""
    return bool(lines.agency_in(text)) or "=" in text or "＝" in text or text.rstrip()[-1:] in "电電讯訊"


def _parts(text: str, gap: re.Match[str]) -> tuple[str, str]:
    """A bracket belongs to the dateline, other separators to nothing."""
    closing = gap.group().lstrip()[:1] in (")", "）")
    return text[: gap.start() + closing].strip(), text[gap.end() :].lstrip(" –—-:")


def _is_dateline(head: str, separator: str, rest: str) -> bool:
    bracketed = " ".join(BRACKETS.findall(head))
    place = BRACKETS.sub(" ", head).strip(" ,:-")
    separator = separator.lstrip(")） ")
    if not place:
        return head == bracketed and bool(lines.agency_in(bracketed))
    if not _is_place(place) or words.opening("label").fullmatch(place):
        return False
    if lines.agency_in(bracketed or head):
        return True
    if _is_dated(head) and (separator[:1] not in (":", "") or _first(place).isupper()):
        return True
    if not separator:
        return len(_first(place)) > 3 and _first(place).isupper() and bracketed[1:-1].isupper()
    return _starts_sentence(rest) and _is_plain(place, separator, rest)


def _is_plain(place: str, separator: str, rest: str) -> bool:
    """A place without agency or date: capitals, a known city, or "Town, St."."""
    colon = separator.startswith((":", "|", "="))
    if place.casefold() in words.entries("city"):
        return colon or _first(place).isupper() or not _dash_returns(rest)
    if len(_first(place)) > 2 and _first(place).isupper():
        return "," in place or not colon
    steps = place.split(",")
    if len(steps) > 1 and count_words(place) <= 6 and (colon or ABBREVIATION.search(place)):
        return len(steps) > 2 or ABBREVIATION.search(place) is not None
    city = re.split(r"[/,]", place)[0].strip().casefold() in words.entries("city")
    return city and not colon and not _dash_returns(rest)


def _dash_returns(rest: str) -> bool:
    """A second dash in the sentence makes the first one an aside."""
    sentence = SENTENCE.split(rest, maxsplit=1)[0]
    return bool(re.search(r"\s[—–-]\s|—", sentence))


def _starts_sentence(rest: str) -> bool:
    return not rest.lstrip("\"'“„«‘(¿¡ ")[:1].islower()


def _is_place(text: str) -> bool:
    """A few names, with their particles, dates and agencies; every other word begins with a capital."""
    left = NUMBER.sub(" ", lines.without_dates(text))
    names = re.findall(r"[^\W\d_]+", left)
    small = _particles()
    return 0 < len(names) <= 8 and all(
        name[:1].isupper() or not name[:1].islower() or name in small for name in names
    )


def _first(place: str) -> str:
    word = re.search(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", place)
    return word.group() if word else ""


def _is_dated(head: str) -> bool:
    """The piece with the first number is a date and nothing else."""
    pieces = re.split(r"[,(（.]", head)
    return lines.is_date(next((piece for piece in pieces if any(map(str.isdigit, piece))), ""))


@cache
def _particles() -> frozenset[str]:
    return frozenset(words.entries("particle"))
