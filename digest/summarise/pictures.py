"""A story's picture: its caption, and the credit in it."""

from __future__ import annotations

import re

from digest.model import Picture
from digest.summarise import lines, words
from digest.summarise.blocks import Block
from digest.summarise.clean import plain
from digest.summarise.metadata import Metadata
from digest.summarise.report import Report
from digest.summarise.scene import Scene
from digest.summarise.shape import letters

BEFORE = 12  # blocks before the lead in which its picture's caption stands
AFTER = 3
BRACKETED = re.compile(r"\s*[(\[（]([^()\[\]]{2,80})[)\]）]\W*$")
LABELLED = re.compile(r"[^.:]{0,25}(?::|\bby\b)", re.IGNORECASE)  # "Photo: ...", "Photo by ..."
LAST = re.compile(r"[.!?]\s+([^.!?]{0,40})$")
NAMES = 8  # words after "Photo:" that can be names; more are a caption
SIGNED = re.compile(r"\s*(?:©|\(c\)\s|\||/)\s*([^|/©]{2,80}(?:/[^|/©]{2,40})*)$", re.IGNORECASE)


def picture_of(scene: Scene, claims: Metadata, report: Report, title: str) -> Picture | None:
    """The page's picture with the first caption near the lead; None where neither is known."""
    caption, credit = split_credit(caption_near(scene, report, title))
    if not (claims.image or caption):
        return None
    return Picture(url=claims.image, alt=caption or title, caption=caption, credit=credit)


def caption_near(scene: Scene, report: Report, title: str) -> str:
    if report.start < 0:
        return ""
    first = max(0, report.start - BEFORE, scene.headline + 1)
    near = scene.blocks[first : report.start] + scene.blocks[report.start + 1 : report.start + 1 + AFTER]
    return next(
        (plain(block.text) for block in near if is_caption(scene, block) and letters(title) != block.letters),
        "",
    )


def is_caption(scene: Scene, block: Block) -> bool:
    """By its element, by its name, by its credit; in plain text also a line that stands there twice."""
    if block.is_meta or not 3 <= block.words <= 70 or lines.furniture(block.text) > 1:
        return False
    named = bool({"figcaption", "figure"} & block.inside) or "caption" in block.around[-80:]
    twice = not block.path and any(
        other.letters == block.letters for other in scene.blocks[block.order + 1 : block.order + 3]
    )
    return named or twice or block.is_credit


def split_credit(text: str) -> tuple[str, str]:
    """("A ship at sea", "AP") from "A ship at sea (AP)"."""
    label = LABELLED.match(text) and words.opening("credit").match(text)
    if label:
        rest = text[label.end() :].lstrip(" :")
        return ("", credit_name(text)) if len(rest.split()) <= NAMES else (rest, "")
    for tail in filter(None, (BRACKETED.search(text), SIGNED.search(text))):
        if "/" in tail.group() or "©" in tail.group() or is_named(tail[1]):
            return text[: tail.start()].strip(), credit_name(tail[1])
    last = LAST.search(text)
    if last and words.opening("credit").match(last[1]):
        return text[: last.start(1)].strip(), credit_name(last[1])
    return text, ""


def is_named(text: str) -> bool:
    """A credit by its words or its agency."""
    return bool(words.anywhere("credit").search(text) or lines.agency_in(text))


def credit_name(text: str) -> str:
    """Without "Photo:" before it, unless that names an agency, as in "AP Photo/Jane Doe"."""
    label = words.opening("credit").match(text)
    rest = text[label.end() :] if label and not lines.agency_in(label.group()) else text
    return (re.sub(r"^\W*(?:by\b)?\W*", "", rest) or text).strip(" .:")
