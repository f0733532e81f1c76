"""The lead finder: a document in, its lead and facts out, with the reason for the choice."""

from __future__ import annotations

from dataclasses import dataclass, replace

from digest.model import Candidate, Document, Summary
from digest.summarise import entry, page, sentences, text
from digest.summarise.blocks import Block
from digest.summarise.choose import Choice, rank
from digest.summarise.facts import facts_of, title_of
from digest.summarise.metadata import Metadata, metadata_of
from digest.summarise.report import NO_REPORT, Report, lead_of, report_of
from digest.summarise.scene import Scene
from digest.summarise.verdict import objection

SHOWN = 5  # candidates told in a summary
SIGNS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as blocks, with what it claims about itself."""

    blocks: list[Block]
    claims: Metadata
    kind: str  # the table of weights.toml: "page", "text" or "entry"


@dataclass(frozen=True, slots=True)
class Finding:
    """A reading looked at with one title in mind."""

    scene: Scene
    ranked: list[Choice]
    report: Report  # the one that would begin with the best candidate


def summarise(document: Document, limit: int = 600) -> Summary:
    """The lead of a page, a page's plain text or a feed entry, and what else it tells about its story.

    Pure, and never raises: a document that cannot be read has an empty lead and the reason why. `limit`
    is the longest lead in characters; a longer one ends at a sentence.
    """
    reading = READERS.get(document.kind, read_text)(document)
    found = find(reading, document.title)
    if reading.kind == "text" and found.scene.headline < 0:
        # The line that the report speaks of most is the headline; knowing it, look again.
        found = find(reading, title_of(found.scene, reading.claims, "", found.report))
    best = found.ranked[0] if found.ranked else None
    objected = objection(found.scene, best, found.report, document.url, reading.kind)
    report = NO_REPORT if objected else found.report
    facts = facts_of(found.scene, reading.claims, document.title, report)
    return replace(
        facts,
        lead=sentences.cut(lead_of(report), limit, facts.language),
        dateline=report.dateline,
        paragraphs=report.paragraphs,
        candidates=tuple(map(_candidate, found.ranked[:SHOWN])),
        reason=objected or _reason(best),
    )


def find(reading: Reading, title: str) -> Finding:
    scene = Scene(reading.blocks, reading.claims, title)
    ranked = rank(scene, reading.kind)
    return Finding(scene, ranked, report_of(scene, ranked[0].block) if ranked else NO_REPORT)


def read_page(document: Document) -> Reading:
    tree = page.parse(document.text)
    if tree is None:
        return Reading([], Metadata(), "page")
    return Reading(page.blocks_of(tree), metadata_of(tree, document.url), "page")


def read_text(document: Document) -> Reading:
    return Reading(text.blocks_of(document.text), Metadata(), "text")


def read_entry(document: Document) -> Reading:
    blocks, description = entry.blocks_of(document)
    return Reading(blocks, Metadata(descriptions=(description,) if description else ()), "entry")


READERS = {"html": read_page, "text": read_text, "entry": read_entry}


def _candidate(choice: Choice) -> Candidate:
    signs = tuple(f"{name} {value:+.2f}" for name, value in choice.parts[:SIGNS_SHOWN])
    return Candidate(choice.block.text[:600], round(choice.score, 2), signs)


def _reason(best: Choice | None) -> str:
    speaking = [name for name, value in best.parts if value > 0][:4] if best else []
    return f"The first paragraph of the report: {', '.join(speaking)}." if speaking else "The only paragraph."
