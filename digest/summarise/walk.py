"""Walking a tree: text between two breaks is gathered into a block, with the elements around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html

from digest.summarise.blocks import Block
from digest.summarise.shape import ends_sentence

MAX_DEPTH = 200  # deeper elements keep their text, but not their place
MAX_BLOCK = 20_000  # characters kept of one block

# They do not break a line.
INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr picture q
    rb rp rt ruby s samp small source span strike strong sub sup time tt u var wbr
    """.split()
)
# Elements that tell what a text in them is.
TELLING = frozenset(
    """
    a article aside blockquote details dl figcaption figure footer form h1 h2 h3 h4 h5 h6 header li main nav
    ol section table ul
    """.split()
)
KEEPS_TAG = frozenset("h1 h2 h3 h4 h5 h6 figcaption li".split())
STYLED = frozenset("b strong em i".split())
NAMED = ("class", "id", "role", "itemprop", "data-testid")
SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Open:
    """An element that is open while the tree is walked; the fields are those of a Block in it."""

    tag: str
    path: tuple[int, ...] = ()
    marks: str = ""
    around: str = ""
    inside: frozenset[str] = frozenset()
    mixed: bool = False  # text stands in it beside blocks or <br><br>: each run of it is a paragraph


class Walk:
    """Takes a tree's elements as they open and close."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.open = [Open("body")]
        self.serial = 0
        self._forget()

    def _forget(self) -> None:
        self.pieces: list[str] = []
        self.linked = self.styled = self.breaks = 0

    def enter(self, element: html.HtmlElement) -> None:
        tag = str(element.tag)
        if tag not in INLINE:
            self._break_up()
        elif tag == "br":
            self.breaks += 1
            self.pieces.append(" ")
        self.serial += 1
        self.open.append(self._opened(element, tag))
        self.read(element.text)

    def leave(self, element: html.HtmlElement) -> None:
        if element.tag not in INLINE:
            self._flush()
        self.open.pop()
        self.read(element.tail)

    def read(self, text: str | None) -> None:
        if not text:
            return
        if size := len(text.strip()):
            if self.breaks > 1 or (self.breaks and self._is_finished()):
                self._break_up()
            inside = self.open[-1].inside
            self.breaks = 0
            self.linked += size if "a" in inside else 0
            self.styled += size if "b" in inside else 0
        self.pieces.append(text)

    def finish(self) -> list[Block]:
        self._flush()
        return self.blocks

    def _opened(self, element: html.HtmlElement, tag: str) -> Open:
        outer = self.open[-1]
        inside = (
            outer.inside | {tag}
            if tag in TELLING
            else outer.inside | {"b"}
            if tag in STYLED
            else outer.inside
        )
        if len(self.open) > MAX_DEPTH:
            return Open(tag, outer.path, "", outer.around, inside)
        marks = marks_of(element)
        around = f"{outer.around} {marks}"[-300:] if marks else outer.around
        path = outer.path if tag in INLINE else (*outer.path, self.serial)
        return Open(tag, path, marks, around, inside)

    def _break_up(self) -> None:
        self._enclosing().mixed = True
        self._flush()

    def _is_finished(self) -> bool:
        """What stands before a single <br>: whole sentences, or a title in bold. Else the line goes on."""
        before = "".join(self.pieces[-50:]).strip()
        return ends_sentence(before) or self.styled >= 0.9 * sum(map(len, map(str.strip, self.pieces))) > 0

    def _enclosing(self) -> Open:
        return next(one for one in reversed(self.open) if one.tag not in INLINE)

    def _flush(self) -> None:
        text = SPACE.sub(" ", "".join(self.pieces)[: 2 * MAX_BLOCK]).strip()[:MAX_BLOCK]
        if text[:1].islower() and self.blocks and is_drop_capital(self.blocks[-1].text):
            text = self.blocks.pop().text + text
        if text:
            self.blocks.append(self._block(text, self._enclosing()))
        self._forget()

    def _block(self, text: str, own: Open) -> Block:
        tag, path, marks = own.tag, own.path, own.marks
        if own.mixed and tag not in KEEPS_TAG:
            self.serial += 1
            tag, path, marks = "p", (*path, self.serial), ""
        inside = own.inside | self.open[-1].inside
        return Block(text, tag, path, marks, own.around, inside, self.linked, self.styled, len(self.blocks))


def is_drop_capital(text: str) -> bool:
    """A capital in an element of its own before the rest of its word."""
    return len(text) == 1 and text.isupper()


def marks_of(element: html.HtmlElement) -> str:
    """What an element is called, in one lower-case string."""
    if not element.attrib:
        return ""
    return " ".join(filter(None, map(element.get, NAMED)))[:200].lower()
