"""A page's HTML becomes a tree, and the tree blocks of text in reading order."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree, html

from digest.summarise.blocks import Block
from digest.summarise.walk import Walk

MAX_CHARACTERS = 4_000_000
MAX_BLOCKS = 4_000
MAX_ELEMENTS = 60_000  # a long news page has 5,000

# Never part of what a reader reads as the report.
UNREAD = frozenset(
    """
    script style noscript template svg math canvas object embed audio video iframe select option textarea
    button input datalist dialog head title map meter progress
    """.split()
)
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text)?|tooltip|hover-?card|popover|modal|lightbox)"
    r"(?:\s|$)",
    re.IGNORECASE,
)
# Thousands of attributes on one element take the parser minutes: it compares each with all.
OVERLOADED_TAG = re.compile(
    r"(<[a-zA-Z][\w:-]*)(?:[\s/]+[^\s=<>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']*))?){1000,}+"
)


def parse(page: str) -> html.HtmlElement | None:
    """The page's tree, or None where there is none. No network, no entity definitions, no huge trees."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    page = OVERLOADED_TAG.sub(r"\1>", page[:MAX_CHARACTERS].replace("\0", ""))
    try:
        return html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def blocks_of(tree: html.HtmlElement) -> list[Block]:
    """The blocks of a tree in reading order."""
    walk, hidden = Walk(), False
    events = etree.iterwalk(tree, events=("start", "end"))
    for event, element in events:
        if walk.serial > MAX_ELEMENTS or len(walk.blocks) >= MAX_BLOCKS:
            break
        if event == "start":
            hidden = is_hidden(element)
            if hidden:
                events.skip_subtree()
            else:
                walk.enter(element)
        elif hidden:  # of what is skipped, only the end is told
            hidden = False
            walk.read(element.tail)
        else:
            walk.leave(element)
    return walk.finish()


def is_hidden(element: html.HtmlElement) -> bool:
    tag, attributes = element.tag, element.attrib
    if tag in UNREAD or (tag == "span" and is_card(element)):
        return True
    if not attributes or tag in ("html", "body"):
        return False
    return (
        "hidden" in attributes
        or bool(HIDDEN_STYLE.search(attributes.get("style", "")))
        or bool(HIDDEN_CLASS.search(attributes.get("class", "")))
    )


def is_card(element: html.HtmlElement) -> bool:
    """A span that opens with a picture and holds several links: a card shown on hovering over a name."""
    if element.text and not element.text.isspace():
        return False
    first = element
    while len(first) and not (first.text and first.text.strip()) and first.tag != "img":
        first = first[0]
    return first.tag == "img" and next(islice(element.iter("a"), 1, None), None) is not None
