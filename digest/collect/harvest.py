"""What a visit to a source brings home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from digest.collect import clean, pictures
from digest.collect.identity import canonical, identity
from digest.model import Document, Found, Picture, SourceState, Summary


@dataclass(frozen=True, slots=True)
class Gathered:
    """A story, and the text its lead is to be found in; None where the giver wrote the lead himself.

    `asked` names the page that was asked for it (identity.canonical): it may have led on to another, or call
    itself otherwise.
    """

    found: Found
    document: Document | None = None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Harvest:
    """The good stories of one input, and one sentence for each bad part that was left out.

    Beside them, how many good ones the source's rules left out, and how many were more than it may give.
    """

    items: tuple[Gathered, ...] = ()
    problems: tuple[str, ...] = ()
    ruled_out: int = 0
    too_many: int = 0


NOTHING = Harvest()


@dataclass(frozen=True, slots=True)
class Collected:
    """The outcome of one visit. `status` is ok, unchanged, failed or skipped; `reason` says why.

    `cure` says what can be done about a failure.
    """

    source: str
    status: str
    state: SourceState
    harvest: Harvest = NOTHING
    reason: str = ""
    cure: str = ""
    took: float = 0.0  # seconds


# How a document's lead is found. Stages do not import each other, so who puts them together hands it in.
Summarise = Callable[[Document], Summary]


def with_leads(harvest: Harvest, summarise: Summarise | None) -> Harvest:
    """Every story completed from its document, which is then let go; unchanged where no way is given.

    A document that the lead finder trips over costs its lead and is told; its story and the others are kept.
    """
    if summarise is None:
        return harvest
    items: list[Gathered] = []
    problems = list(harvest.problems)
    for item in harvest.items:
        try:
            summary = summarise(item.document) if item.document else Summary()
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError) as error:
            summary = Summary()
            problems.append(f"{item.found.url or item.found.title}: no lead: {type(error).__name__}: {error}")
        items.append(replace(item, found=completed(item, summary), document=None))
    return replace(harvest, items=tuple(items), problems=tuple(problems))


def completed(gathered: Gathered, summary: Summary) -> Found:
    """The story with what its document told; what the giver said himself stands.

    A page that was given without an address is known by the one it names itself, else by its headline.
    """
    found = gathered.found
    named = clean.link(summary.canonical)
    url, title = found.url or named, found.title or clean.line(summary.title)
    return replace(
        found,
        identity=found.identity or identity("", url, title),
        url=url,
        canonical=canonical(named) or found.canonical,
        title=title,
        lead=found.lead or clean.characters(summary.lead)[: clean.SUMMARY],
        body=found.body or clean.characters("\n\n".join(summary.paragraphs))[: clean.BODY],
        byline=found.byline or clean.line(summary.byline, clean.BYLINE),
        agency=found.agency or clean.line(summary.agency, clean.LABEL),
        section=found.section or clean.line(summary.section, clean.LABEL),
        published=found.published or summary.published,
        picture=found.picture or _picture(summary.picture, url),
        language=found.language or clean.line(summary.language, clean.LANGUAGE),
    )


def _picture(named: Picture | None, base: str) -> Picture | None:
    """A page's picture; None where a caption is all there is of it, or its address is none of the web."""
    if named is None:
        return None
    sides = {"width": named.width, "height": named.height}
    picture = pictures.offered(
        named.url, base, alt=named.alt, caption=named.caption, credit=named.credit, **sides
    )
    return picture if picture.url else None
