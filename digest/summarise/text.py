"""A page's plain text becomes blocks: paragraphs, lines, and what Markdown marks tell."""

from __future__ import annotations

import re
from statistics import median

from digest.summarise.blocks import Block
from digest.summarise.clean import plain

MAX_CHARACTERS = 2_000_000
MAX_LINE = 20_000
MAX_BLOCKS = 4_000
WRAPPED_AT = range(50, 110)  # columns where programs wrap a paragraph
HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
BULLET = re.compile(r"(?:[*+•·‣◦-]|\d{1,2}[.)])\s+(?=\S)")
QUOTE = re.compile(r"(?:>\s?)+")
PICTURE = re.compile(r"!\[[^\]]{0,300}\]\([^()\s]{0,500}\)")
LINK = re.compile(r"\[([^\]]{1,300})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)")
STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,2000}?)(?<=\S)\1")
EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^*_]{1,2000}?)(?<=\S)\1(?![\w*_])")
ESCAPED = re.compile(r"\\([-+*_.#\[\]()!>`\\])")
RULES = re.compile(r"[\s*_=#~|.·•-]*")


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text in its order."""
    blocks: list[Block] = []
    for line in lines_of(text[:MAX_CHARACTERS]):
        if len(blocks) >= MAX_BLOCKS:
            break
        if block := block_of(line, len(blocks)):
            blocks.append(block)
    return blocks


def lines_of(text: str) -> list[str]:
    """One line a paragraph, whether the text wraps its lines or not."""
    joined: list[str] = []
    for group in re.split(r"\n[^\S\n]*\n\s*", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = group.split("\n")
        joined += [" ".join(lines)] if is_wrapped(lines) else lines
    return joined


def is_wrapped(lines: list[str]) -> bool:
    """All lines but the last are about as long as a column, and no hard break ends them."""
    body = [len(line.rstrip()) for line in lines[:-1]]
    return (
        bool(body)
        and all(n in WRAPPED_AT for n in body)
        and max(body) - median(body) < 20
        and len({line.strip() for line in lines}) == len(lines)  # a caption told twice is no paragraph
        and not any(line.endswith("  ") for line in lines[:-1])
    )


def block_of(line: str, order: int) -> Block | None:
    """A line without its marks; None where nothing is left."""
    line = line[:MAX_LINE].strip()
    if RULES.fullmatch(line):
        return None
    tag = "p"
    if heading := HEADING.match(line):
        tag, line = f"h{len(heading[1])}", line[heading.end() :]
    elif bullet := BULLET.match(line):
        tag, line = "li", line[bullet.end() :]
    elif quote := QUOTE.match(line):
        tag, line = "blockquote", line[quote.end() :]
    line, linked, styled = without_marks(line)
    line = plain(line)
    inside = frozenset((tag,)) if tag != "p" else frozenset()
    return Block(line, tag, inside=inside, linked=linked, styled=styled, order=order) if line else None


def without_marks(line: str) -> tuple[str, int, int]:
    """The line's words, and how many of its characters are links and how many bold or italic."""
    line = PICTURE.sub("", line)
    linked = sum(len(words) for words in LINK.findall(line))
    line = LINK.sub(r"\1", line)
    styled = sum(len(words) for pattern in (STRONG, EMPHASIS) for _, words in pattern.findall(line))
    line = EMPHASIS.sub(r"\2", STRONG.sub(r"\2", line))
    return ESCAPED.sub(r"\1", line).strip("_ "), linked, styled
