"""A story's picture, chosen from what its source offers: large, of a usable shape, no logo and no pixel."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from digest.collect.clean import CAPTION, CREDIT, line, link
from digest.model import Picture

SMALLEST = 160  # pixels of width or height under which it is an icon or a face
WANTED = 1120  # pixels of width that serve a 560 px column on a fine screen

_IMG = re.compile(r"<img\b([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_DECORATION = re.compile(
    r"(?:^|[/._-])(?:pixel|beacon|1x1|spacer|blank|transparent|sprite|icon|favicon|logo|avatar|gravatar|emoji"
    r"|badge|track(?:er|ing)|doubleclick|feedsportal|feedburner|statcounter)s?[-_]?\d*(?:[/.?=]|$)",
    re.IGNORECASE,
)


def in_markup(markup: str, base: str) -> Iterator[Picture]:
    """The pictures of an entry's HTML, in its order."""
    for tag in _IMG.finditer(markup):
        given = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(tag[1])}
        yield offered(
            given.get("src", "") or given.get("data-src", ""),
            base,
            alt=given.get("alt", ""),
            width=given.get("width", ""),
            height=given.get("height", ""),
        )


def offered(
    url: str,
    base: str,
    *,
    alt: str = "",
    caption: str = "",
    credit: str = "",
    width: object = 0,
    height: object = 0,
) -> Picture:
    """A picture as a source gave it, cleaned; its address is "" where it cannot be used."""
    return Picture(
        url=link(url, base) if url else "",
        alt=line(alt, CAPTION),
        caption=line(caption, CAPTION),
        credit=line(credit, CREDIT),
        width=pixels(width),
        height=pixels(height),
    )


def pixels(given: object) -> int:
    """A size in pixels as feeds and pages write it ("640", "640px", 640.0), 0 where it is none."""
    number = re.match(r"\s*([0-9]{1,5})(?:\.\d*)?\s*(?:px)?\s*$", str(given), re.IGNORECASE | re.ASCII)
    return int(number[1]) if number else 0


def choose(offers: Iterable[Picture]) -> Picture | None:
    """The best of the pictures offered; the first of equals, since sources put the main one first."""
    return max(filter(usable, offers), key=_fit, default=None)


def usable(picture: Picture) -> bool:
    """Whether it can stand beside a story at all, as far as address and sizes tell."""
    sides = [side for side in (picture.width, picture.height) if side]
    shape = picture.width / picture.height if len(sides) == 2 else 1.5
    return (
        bool(picture.url)
        and not _DECORATION.search(picture.url.split("://", 1)[-1])
        and not picture.url.lower().split("?")[0].endswith((".svg", ".ico"))  # no mail program shows them
        and all(side >= SMALLEST for side in sides)
        and 0.5 <= shape <= 3.2
    )


def _fit(picture: Picture) -> int:
    """How much of the wanted width it has; an unknown size is taken for a middling one."""
    return min(picture.width or 480, WANTED)
