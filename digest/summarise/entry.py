"""A feed entry's content and summary become blocks."""

from __future__ import annotations

import re
from html import unescape

from digest.model import Document
from digest.summarise import page
from digest.summarise.blocks import Block

TAG = re.compile(r"<\s*/?\s*[a-zA-Z][^<>]{0,2000}>")
ESCAPED_TAG = re.compile(r"&(?:amp;)*lt;\s*/?\s*[a-zA-Z]")
TAGS_AT_END = re.compile(r"\((?:\s*<a\b[^<>]*>[^<>]{0,80}</a>\s*,?)+\s*\)\s*(?=(?:<img\b[^<>]*>\s*)*$)")
MAX_CHARACTERS = 1_000_000
ENOUGH = 8  # words a content must have, and half of the summary's, to be preferred to it


def blocks_of(document: Document) -> tuple[list[Block], str]:
    """The entry's blocks, and its summary where that is another text than they are."""
    content, summary = as_blocks(document.text), as_blocks(document.summary)
    if amount(content) >= max(ENOUGH, amount(summary) / 2):
        return content, " ".join(block.text for block in summary)
    return summary or content, ""


def amount(blocks: list[Block]) -> int:
    """Words outside of links: what there is to read."""
    return sum(block.words for block in blocks if block.link_share < 0.5)


def as_blocks(text: str) -> list[Block]:
    """HTML or text; tags that were escaped twice are tags again."""
    text = text[:MAX_CHARACTERS]
    for _ in range(2):
        if TAG.search(text) or not ESCAPED_TAG.search(text):
            break
        text = unescape(text)
    text = TAGS_AT_END.sub("", text)
    if not TAG.search(text):
        text = "".join(f"<p>{line}</p>" for line in re.split(r"\n\s*\n", text))
    tree = page.parse(f"<html><body>{text}</body></html>")
    return page.blocks_of(tree) if tree is not None else []
