"""Who, when, which section: what stands around a report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from digest.model import Picture
from digest.summarise import lines, words
from digest.summarise.blocks import Block
from digest.summarise.clean import plain, without_tags
from digest.summarise.dates import date_in
from digest.summarise.language import language_of
from digest.summarise.metadata import Metadata
from digest.summarise.pictures import picture_of
from digest.summarise.report import Report
from digest.summarise.scene import Scene, shared
from digest.summarise.shape import count_words, stems

BEFORE = 25  # blocks before the lead in which its byline and date stand
AFTER = 12  # blocks after the report in which the agency signs
TRAIL = re.compile(r"\s*(?:>|»|›|/|\||→|::)\s*")
HOME = frozenset(
    (
        "home",
        "start",
        "startseite",
        "accueil",
        "inicio",
        "início",
        "strona główna",
        "главная",
        "首页",
        "ホーム",
    )
)
ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document tells about its story beside the text."""

    title: str = ""
    byline: str = ""
    agency: str = ""
    section: str = ""
    published: datetime | None = None
    picture: Picture | None = None
    language: str = ""


def facts_of(scene: Scene, claims: Metadata, given: str, report: Report) -> Facts:
    title = title_of(scene, claims, given, report)
    above = blocks_above(scene, report)
    byline = byline_of(claims, above)
    return Facts(
        title=title,
        byline=byline,
        agency=agency_of(scene, report, byline),
        section=section_of(scene, claims, report, title),
        published=date_in(claims.published)
        or next(filter(None, (date_in(b.text) for b in above if b.is_meta)), None),
        picture=picture_of(scene, claims, report, title),
        language=claims.language or language_of(" ".join(report.paragraphs[:3])),
    )


def title_of(scene: Scene, claims: Metadata, given: str, report: Report) -> str:
    """The headline on the page, else as given or claimed, else the line that the report speaks of most."""
    if scene.headline >= 0 and (scene.titles or scene.blocks[scene.headline].tag == "h1"):
        return plain(scene.blocks[scene.headline].text)
    if given or claims.titles:
        return plain(without_tags(given or claims.titles[0]))
    above = scene.blocks[: max(0, report.start)]
    told = stems(" ".join(report.paragraphs[:8]))
    rated = [(shared(block.stems, told), block.order, block) for block in above if may_be_title(scene, block)]
    return max(rated, key=lambda one: one[:2])[2].text if rated else ""


def may_be_title(scene: Scene, block: Block) -> bool:
    if not 3 <= block.words <= 30 or block.text.endswith(".") or block.is_meta or block.is_credit:
        return False
    return scene.repeats[block.letters] == 1 and not lines.furniture(block.text) and block.tag != "li"


def blocks_above(scene: Scene, report: Report) -> list[Block]:
    """The blocks before the lead, nearest first, then those right after the report."""
    if report.start < 0:
        return []
    before = scene.blocks[max(0, report.start - BEFORE) : report.start]
    return before[::-1] + scene.blocks[report.end + 1 : report.end + 4]


def byline_of(claims: Metadata, above: list[Block]) -> str:
    """Names alone, without the "By" before them."""
    written = next((block.text for block in above if lines.is_byline(block.text)), "")
    if not written:
        return ", ".join(
            plain(name) for name in claims.authors[:4] if not ADDRESS.search(name) and len(name) < 80
        )
    names = words.opening("byline").sub("", plain(written), count=1).strip(" :,|–—-")
    return lines.before_date(names)


def agency_of(scene: Scene, report: Report, byline: str) -> str:
    """From the dateline, the byline, or the line that signs the report."""
    if report.start < 0:
        return ""
    signed = scene.blocks[report.end + 1 : report.end + 1 + AFTER]
    around = scene.blocks[max(0, report.start - 8) : report.start]
    short = [block.text for block in (*signed, *around) if block.words <= 5 and lines.is_agency(block.text)]
    closing = report.paragraphs[-1][-40:] if report.paragraphs else ""
    return (
        lines.agency_in(report.dateline)
        or next((lines.agency_in(text) for text in short), "")
        or lines.agency_in(byline)
        or lines.agency_in("".join(re.findall(r"\([^()]{2,30}\)\W*$", closing)))
    )


def section_of(scene: Scene, claims: Metadata, report: Report, title: str) -> str:
    """The last step of the trail to the story that is not the story."""
    if claims.section:
        return last_step(claims.section, title)
    top = scene.blocks[: max(0, report.start)]
    headline = next((block.order for block in top if block.text == title), 0)
    below = [block.text for block in scene.blocks[report.end + 1 :] if block.words <= 8]
    for block in top[max(0, headline - 6) : headline]:
        trail = block.text.replace(title, "") if TRAIL.search(block.text) else block.text
        if count_words(trail) <= 6 and not block.is_meta and not lines.furniture(trail):
            return from_more(trail, below) or last_step(trail, title)
    return ""


def from_more(trail: str, below: list[str]) -> str:
    """A line below like "Also in World News" says where the trail "News World News" ends."""
    steps = trail.split()
    tails = [" ".join(steps[place:]) for place in range(len(steps))]
    return next((tail for tail in tails if any(text.endswith(f" {tail}") for text in below)), "")


def last_step(trail: str, title: str) -> str:
    steps = [
        step for step in TRAIL.split(plain(trail)) if step and step.casefold() not in HOME and step != title
    ]
    if not steps:
        return ""
    parts = steps[-1].split()
    # A trail whose separators were lost: "News World News" is "World News" under "News".
    return " ".join(parts[1:]) if len(parts) > 2 and parts[0] == parts[-1] else steps[-1]
