"""Who, when, which section: what stands around a report."""

from __future__ import annotations

import re

from digest.model import Summary
from digest.summarise import lines, words
from digest.summarise.blocks import Block
from digest.summarise.clean import plain, without_tags
from digest.summarise.dates import date_in
from digest.summarise.language import language_of
from digest.summarise.metadata import Metadata
from digest.summarise.pictures import picture_of
from digest.summarise.report import Report
from digest.summarise.scene import Scene, shared
from digest.summarise.shape import stems

BEFORE = 25  # blocks before the lead in which its byline and date stand
AFTER = 12  # blocks after the report in which the agency signs
TRAIL = re.compile(r"\s*(?:>|»|›|/|\||→|::)\s*")
HOME = frozenset("home,start,startseite,accueil,inicio,início,strona główna,главная,首页,ホーム".split(","))
ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*")


def facts_of(scene: Scene, claims: Metadata, given: str, report: Report) -> Summary:
    """What a document tells about its story beside the text; the text is left open."""
    title = title_of(scene, claims, given, report)
    above = blocks_above(scene, report)
    byline = byline_of(claims, above)
    return Summary(
        title=title,
        byline=byline,
        agency=agency_of(scene, report, byline),
        section=section_of(scene, claims, report, title),
        published=date_in(claims.published)
        or next(filter(None, (date_in(b.text) for b in above if b.is_meta)), None),
        picture=picture_of(scene, claims, report, title),
        language=claims.language or language_of(" ".join(report.paragraphs[:3])),
        canonical=claims.canonical,
    )


def title_of(scene: Scene, claims: Metadata, given: str, report: Report) -> str:
    """The headline on the page, else as given or claimed, else the line that the report speaks of most."""
    if scene.headline >= 0 and (scene.titles or scene.blocks[scene.headline].tag == "h1"):
        return plain(scene.blocks[scene.headline].text)
    if given or claims.titles:
        return plain(without_tags(given or claims.titles[0]))
    told = stems(" ".join(report.paragraphs[:8]))
    above = [block for block in scene.blocks[: max(0, report.start)] if may_be_title(scene, block)]
    rated = [shared(block.stems, told) * min(1.0, len(block.stems) / 4) for block in above]
    best = max(rated, default=0.0)
    # Standfirst and captions speak of the report too, but stand below the headline.
    return next((b.text for b, rating in zip(above, rated, strict=True) if rating >= 0.6 * best > 0), "")


def may_be_title(scene: Scene, block: Block) -> bool:
    if not 3 <= block.words <= 30 or block.text.endswith(".") or block.is_meta or block.is_credit:
        return False
    near = scene.blocks[max(0, block.order - 2) : block.order + 3]
    twice = sum(other.letters == block.letters for other in near) > 1
    return not twice and not lines.furniture(block.text) and block.tag != "li"  # captions stand there twice


def blocks_above(scene: Scene, report: Report) -> list[Block]:
    """The blocks before the lead, nearest first, then those right after the report."""
    if report.start < 0:
        return []
    before = scene.blocks[max(0, report.start - BEFORE) : report.start]
    return before[::-1] + scene.blocks[report.end + 1 : report.end + 4]


def byline_of(claims: Metadata, above: list[Block]) -> str:
    """Names alone, without the "By" before them."""
    claimed = [plain(name) for name in claims.authors[:4] if not ADDRESS.search(name) and len(name) < 80]
    written = next((block.text for block in above if lines.is_byline(block.text)), "")
    names = ", ".join(claimed) or lines.before_date(written)
    return words.opening("byline").sub("", plain(names), count=1).strip(" :,|–—-")


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
    """The last step of the trail to the story that is not the story itself."""
    if claims.section:
        return last_step(claims.section, title)
    top = scene.blocks[: max(0, report.start)]
    trails = [block.text.replace(title, "") for block in top if is_trail(block, title)]
    if step := next(filter(None, (last_step(trail, title) for trail in trails)), ""):
        return step
    return trail_above(scene, report, title) if top and not top[0].path else ""


def is_trail(block: Block, title: str) -> bool:
    """Named a breadcrumb, or steps that end with the headline."""
    return "breadcrumb" in block.around or bool(
        title and TRAIL.search(block.text) and block.text.endswith(title)
    )


def trail_above(scene: Scene, report: Report, title: str) -> str:
    """In plain text: the words above the headline that a line like "Also in Harbour Town" repeats below."""
    headline = next((block.order for block in scene.blocks[: report.start] if block.text == title), 0)
    below = [also_in(block.text) for block in scene.blocks[report.end + 1 :] if block.words <= 8]
    for block in scene.blocks[max(0, headline - 6) : headline]:
        if block.words <= 6 and not block.is_meta and not lines.furniture(block.text):
            named = next((name for name in below if name and block.text.endswith(name)), "")
            if named or block.order == 0:
                return named or last_step(block.text, title)
    return ""


def also_in(text: str) -> str:
    """The section that "Also in Harbour Town" names."""
    opening = words.opening("also").match(text)
    return text[opening.end() :].strip(" :") if opening else ""


def last_step(trail: str, title: str) -> str:
    steps = [
        step for step in TRAIL.split(plain(trail)) if step and step.casefold() not in HOME and step != title
    ]
    if not steps:
        return ""
    parts = steps[-1].split()
    # A trail whose separators were lost: "Town Harbour Town" is "Harbour Town" under "Town".
    return " ".join(parts[1:]) if len(parts) > 2 and parts[0] == parts[-1] else steps[-1]
