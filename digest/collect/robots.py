"""robots.txt (RFC 9309): whether a page may be read, and how long to wait between two.

Python's urllib.robotparser takes the first rule that fits and knows no `*` or `$`; the standard, and
files as they are written today, mean the longest, with both.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

SIZE = 500_000  # bytes that are read of a robots.txt (RFC 9309, 2.5)
LONGEST_DELAY = 10.0  # seconds; a site that asks for more is not read faster, but read


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for us: (may, path pattern), and the seconds between two pages."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float = 0.0

    def allows(self, url: str) -> bool:
        """Whether the page may be read: the longest rule that fits decides, of two equal ones the kinder."""
        parts = urlsplit(url)
        path = _even(parts.path or "/") + ("?" + parts.query if parts.query else "")
        fitting = [(len(pattern), may) for may, pattern in self.rules if _fits(pattern, path)]
        return max(fitting)[1] if fitting else True


EVERYTHING = Robots()
NOTHING = Robots(((False, "/"),))


def parse_robots(text: str, agent: str) -> Robots:
    """The rules of the group that names our product ("MorningDigest"), else of the group for all."""
    product = agent.partition("/")[0].lower()
    groups: dict[str, list[tuple[str, str]]] = {}
    names: list[str] = []
    open_group = False
    for key, value in _lines(text):
        if key == "user-agent":
            names = [*names, value.lower()] if open_group else [value.lower()]
            open_group = True
            groups.setdefault(value.lower(), [])
        elif key in ("allow", "disallow", "crawl-delay"):
            open_group = False
            for name in names:
                groups[name].append((key, value))
    return _robots(groups.get(product, groups.get("*", [])))


def _lines(text: str) -> list[tuple[str, str]]:
    pairs = (line.partition("#")[0].partition(":") for line in text[:SIZE].splitlines())
    return [(key.strip().lower(), value.strip()) for key, colon, value in pairs if colon]


def _robots(group: list[tuple[str, str]]) -> Robots:
    rules = [(key == "allow", _even(value)) for key, value in group if key != "crawl-delay" and value]
    given = (value for key, value in group if key == "crawl-delay")
    delays = [float(value) for value in given if value.isascii() and value.isdigit()]
    return Robots(tuple(rules), min(max(delays, default=0.0), LONGEST_DELAY))


def _even(path: str) -> str:
    """Percent-encoded alike, so that rule and address compare (RFC 9309, 2.2.2)."""
    return quote(unquote(path), safe="/*$?=&;:@!+,'()~")


def _fits(pattern: str, path: str) -> bool:
    """Wildcards without a regular expression: a hostile rule of many `*` would make one run for hours."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    for part in others:
        position = path.find(part, position)
        if position < 0:
            return False
        position += len(part)
    if not anchored:
        return True
    last = others[-1] if others else first
    return path.endswith(last) and (bool(others) or len(path) == len(first))
