"""When to try again: a decision from numbers, without a clock."""

from __future__ import annotations

import re

GREYLIST_SECONDS = 300  # what common greylisting filters ask for at least
NAMED = re.compile(
    r"(?:in|after|for|wait|retry|within)\W{1,3}(\d{1,5}) ?(s|sec|seconds?|m|min|minutes?|h|hours?)\b",
    re.IGNORECASE,
)
UNITS = {"s": 1, "m": 60, "h": 3600}


def delay(attempts: int, first: int, most: int) -> int:
    """Seconds to wait after that many counted attempts before this one: first, doubling, up to most."""
    return min(first << min(attempts, 20), most)


def named(text: str) -> int:
    """The seconds a reply asks to wait ("try again in 10 minutes"); 0 where it names none."""
    found = NAMED.search(text)
    return int(found[1]) * UNITS[found[2][0].lower()] if found else 0


def greylisted(text: str, first: int) -> int:
    """Seconds to wait for a greylisting relay: its own word, at least five minutes where it has none."""
    return named(text) or max(first, GREYLIST_SECONDS)
