"""Dates as pages write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache

from digest.summarise import words

ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d{1,6})?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
)
CLOCK = re.compile(r"\b([01]?\d|2[0-3])\s?[:hH]\s?([0-5]\d)\b(?:\s*([aApP])\.?[mM]\b)?")
NUMERIC = re.compile(r"\b(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})\b")
CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
ZONES = {
    "EST": -5,
    "EDT": -4,
    "ET": -5,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
    "BST": 1,
    "IST": 5.5,
}
ZONE = re.compile(rf"\b({'|'.join(ZONES)})\b")
EARLIEST = 1900  # year; what is before is a template's empty date


def date_in(text: str) -> datetime | None:
    """The first date in a text, in UTC. Without a zone it is taken as UTC, without a time as midnight."""
    text = text.strip()[:200]
    if not any(map(str.isdigit, text)):
        return None
    try:
        found = _iso(text) or _mail(text) or _written(text)
    except (ValueError, OverflowError):
        return None
    return found if found and found.year >= EARLIEST else None


def _iso(text: str) -> datetime | None:
    found = ISO.search(text)
    if not found:
        return None
    return _utc(datetime.fromisoformat(found.group().replace(",", ".")))


def _mail(text: str) -> datetime | None:
    """RFC 5322, as feeds and some pages write."""
    try:
        return _utc(parsedate_to_datetime(text)) if re.match(r"\w{3},\s+\d", text) else None
    except (ValueError, TypeError, IndexError):
        return None


def _written(text: str) -> datetime | None:
    day = _cjk(text) or _named(text) or _numbers(text)
    if day is None:
        return None
    clock, zone = CLOCK.search(text), ZONE.search(text)
    hour, minute = _hour(clock) if clock else (0, 0)
    offset = timezone(timedelta(hours=ZONES[zone[1]])) if zone else UTC
    return _utc(day.replace(hour=hour, minute=minute, tzinfo=offset))


def _hour(clock: re.Match[str]) -> tuple[int, int]:
    hour, half = int(clock[1]), (clock[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(clock[2])


def _named(text: str) -> datetime | None:
    found = _month_pattern().search(text)
    if not found:
        return None
    month = _months()[(found["m1"] or found["m2"]).casefold()]
    return datetime(int(found["y1"] or found["y2"]), month, int(found["d1"] or found["d2"]), tzinfo=UTC)


def _numbers(text: str) -> datetime | None:
    """Year first, else day first; month first only where the day cannot be a month."""
    found = NUMERIC.search(text)
    if not found:
        return None
    first, second, third = (int(part) for part in found.groups())
    if first > 31:
        return datetime(first, second, third, tzinfo=UTC)
    year = third + 2000 if third < 100 else third
    day, month = (second, first) if second > 12 else (first, second)
    return datetime(year, month, day, tzinfo=UTC)


def _cjk(text: str) -> datetime | None:
    found = CJK.search(text)
    return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC) if found else None


def _utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


@cache
def _months() -> dict[str, int]:
    """Every form of every month's name → its number."""
    return {
        form.casefold(): number
        for names in words.tables()["month"].values()
        for number, name in enumerate(names, start=1)
        for form in name.split("|")
    }


@cache
def _month_pattern() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th|\.|º)?\s*(?:de\s+|of\s+)?(?P<m1>{names})\b\.?,?\s*(?:de\s+|del\s+)?(?P<y1>\d{{4}})"
        rf"|\b(?P<m2>{names})\b\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})",
        re.IGNORECASE,
    )
