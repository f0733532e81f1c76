"""Whether a document holds a report at all: front pages, walls, error pages and galleries have no lead."""

from __future__ import annotations

from urllib.parse import urlsplit

from digest.summarise import lines, words
from digest.summarise.blocks import Block
from digest.summarise.choose import Choice
from digest.summarise.report import Report
from digest.summarise.scene import Scene, shared
from digest.summarise.shape import count_words

WEAK = {"page": 2.0, "text": -0.5, "entry": -6.0}  # scores under which nothing reads like a report
SURE = 6.5  # a page's score above which short reports are taken too
SHORT = 60  # words; a report shorter than that must not sound like a wall
FEW = 15  # words that must at least make a sentence
TEASERS = 4  # linked headings with a text below that make a page a listing


def objection(scene: Scene, best: Choice | None, report: Report, url: str, kind: str) -> str:
    """Why there is no lead, in one sentence, or "" where there is one."""
    if best is None:
        return "No lead: no paragraph was found."
    special = "" if kind == "entry" else _of_pages(scene, best, report, url)
    why = special or _of_any(best, kind)
    return f"No lead: {why}." if why else ""


def _of_any(best: Choice, kind: str) -> str:
    if best.score < WEAK[kind]:
        return "nothing here reads like a report's first paragraph"
    if best.block.is_meta or lines.COPYRIGHT.search(best.block.text[:40]):
        return "only bylines, dates and notices were found"
    return ""


def _of_pages(scene: Scene, best: Choice, report: Report, url: str) -> str:
    """An entry is somebody's story by being in a feed; a page may be anything."""
    block = best.block
    length = max(block.words, sum(map(count_words, report.paragraphs)))
    if is_wall(scene, block, length):
        return "this is an error page, a log-in or a consent wall"
    if is_listing(scene, block, url):
        return "this is a front page or a list of stories"
    if length < FEW and not block.whole and block.words < FEW:
        return "no whole sentence was found"
    if length < SHORT and is_picture_text(block):
        return "only picture captions were found"
    if length < SHORT and best.score < SURE and is_off_topic(scene, block):
        return "the only prose is not about the headline"
    return ""


def is_wall(scene: Scene, block: Block, length: int) -> bool:
    """The little text there is says so, or the headline does."""
    wall = words.phrases("wall")
    if length < SHORT and (wall.count(block.text) or lines.furniture(block.text) > 1):
        return True
    if length >= 3 * SHORT or shared(block.stems, scene.title_stems) > 0.3:
        return False
    headline = scene.blocks[scene.headline].text if scene.headline >= 0 else ""
    return wall.count(headline) + wall.count(block.text) > 0


def is_listing(scene: Scene, block: Block, url: str) -> bool:
    """The site's root, or a text under a linked headline among others like it."""
    if url and path_of(url) in ("", "/") and not scene.article:
        return True
    teasers = [other.order for other in scene.blocks if scene.prose[other.order] and is_teaser(scene, other)]
    return len(teasers) >= TEASERS and block.order in teasers


def is_teaser(scene: Scene, block: Block) -> bool:
    above = scene.blocks[max(0, block.order - 2) : block.order]
    linked = (other for other in above if other.link_share > 0.8 and other.order != scene.headline)
    return "a" in block.inside or any({"h2", "h3", "h4"} & other.inside for other in linked)


def path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return "?"


def is_picture_text(block: Block) -> bool:
    return block.is_credit or bool({"figure", "figcaption"} & block.inside)


def is_off_topic(scene: Scene, block: Block) -> bool:
    """Not one telling word of the headline comes again, and nothing else claims this text."""
    told = any(block.letters[:40] in text or text[:40] in block.letters for text in scene.descriptions)
    return bool(scene.title_stems) and not told and not block.stems & scene.title_stems
