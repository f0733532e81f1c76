"""From the chosen block on: the paragraphs of the report, and its lead as the edition prints it."""

from __future__ import annotations

from dataclasses import dataclass

from digest.summarise import lines
from digest.summarise.blocks import Block
from digest.summarise.clean import ROUNDS, plain, trimmed, without_tags
from digest.summarise.dateline import split_dateline
from digest.summarise.scene import Scene
from digest.summarise.shape import count_sentences, count_words, letters

TEASER = 11  # words under which a single sentence takes the next paragraph too
GAP = 25  # blocks without prose that end the report
APART = frozenset("aside footer form nav".split())
MOST = 200  # paragraphs kept


@dataclass(frozen=True, slots=True)
class Report:
    """The report's own words: its dateline, and its paragraphs without it."""

    dateline: str = ""
    paragraphs: tuple[str, ...] = ()
    start: int = -1  # the order of its first block
    end: int = -1  # and of its last


NO_REPORT = Report()


def report_of(scene: Scene, first: Block) -> Report:
    """The report that begins with a block."""
    dateline, opening = split_dateline(tidy(first.text))
    found, end = [opening], first.order
    for block in scene.blocks[first.order + 1 :]:
        if block.order - end > GAP or len(found) >= MOST:
            break
        if belongs(scene, first, block) and (text := tidy(block.text)) not in found:
            found.append(text)
            end = block.order
    return Report(dateline, tuple(filter(None, found)), first.order, end)


def belongs(scene: Scene, first: Block, block: Block) -> bool:
    if not scene.prose[block.order] or block.kinship(first) < 0.3 or block.is_credit or block.is_meta:
        return False
    if APART & block.inside - first.inside:
        return False
    return not (block.words < 30 and (block.is_note or lines.furniture(block.text)))


def tidy(text: str) -> str:
    """Clean, whatever was wrapped in what: again until nothing more comes off."""
    for _ in range(ROUNDS):
        before, text = text, trimmed(plain(without_tags(plain(text))))
        if text == before:
            break
    return text


def lead_of(report: Report) -> str:
    """The first paragraph; a one-sentence teaser takes the next with it."""
    first, *rest = report.paragraphs or ("",)
    if (
        rest
        and count_words(first) < TEASER
        and count_sentences(first) == 1
        and not letters(rest[0]).startswith(letters(first))
    ):
        return f"{first} {rest[0]}"
    return first
