"""What an editor is told about an edition before it goes out: figures, and warnings in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.model import Edition, Item, Letter, Look, Rendering, Role
from digest.render.choice import minutes
from digest.render.dissected import Dissected
from digest.render.layout import image
from digest.render.rules import CLIP, RULES, Rule, broken
from digest.render.splice import Splicer
from digest.render.texts import link
from digest.tokens import Token

LONG = 1_300  # words; readers of news mails give them a minute or five
LED = (Role.LEAD, Role.PICK, Role.SECTION)
TOKEN = Token("preview-" + "0" * 40)  # stands for a reader's token: as long as one, valid nowhere
SPECIMEN = Letter(0, 0, "reader@example.com", bytes(16), "", 0, 0, 0)


@dataclass(frozen=True, slots=True)
class DeadLink:
    """An address that leads nowhere, and why."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one mail of an edition. Sizes in bytes; headlines name what lacks something.

    `links_dead` is None where the links were not tried.
    """

    subject: str
    preheader: str
    html_bytes: int
    mail_bytes: int
    clip_bytes: int
    stories: int
    links: int
    images: int
    words: int
    minutes: int
    leads_missing: tuple[str, ...]
    alts_missing: tuple[str, ...]
    rules: Mapping[str, bool]  # whether each rule of a mail is kept, by its name
    warnings: tuple[str, ...]
    links_dead: tuple[DeadLink, ...] | None = None

    def with_dead_links(self, dead: Mapping[str, str]) -> Report:
        """The same, told of addresses that lead nowhere, each with the reason."""
        links = tuple(DeadLink(url, reason) for url, reason in dead.items())
        warnings = (*self.warnings, *(f"A link is dead: {link.reason}." for link in links))
        return replace(self, links_dead=links, warnings=warnings)


def _told(faults: Sequence[Rule]) -> Iterator[str]:
    """A sentence a fault; an address without https is one fault, though it breaks two rules."""
    names = {rule.name for rule in faults}
    return (rule.broken for rule in faults if not (rule.name == "one click" and "https" in names))


def report(edition: Edition, look: Look, rendering: Rendering, letter: Letter = SPECIMEN) -> Report:
    """The report on the mail that a letter becomes; without one, on the mail with every section."""
    splicer = Splicer(rendering)
    raw = splicer.mail(letter, TOKEN, TOKEN)
    mail, segments = Dissected(raw), splicer.segments(letter.choice, letter.had)
    items = _sent(edition, {segment.story for segment in segments})
    words = sum(segment.words for segment in segments)
    leads = tuple(item.story.title for item in items if item.role in LED and not item.story.lead.strip())
    alts = tuple(item.story.title for item in items if _alt_missing(item, look))
    faults = broken(mail)
    warnings = [
        *_told(faults),
        *_lacks("has no lead", "have no lead", leads),
        *_lacks("has a picture without a description", "have a picture without a description", alts),
        *_content(items, look, words),
    ]
    return Report(
        subject=splicer.subject(letter.choice, letter.had),
        preheader=mail.preheader,
        html_bytes=len(mail.html.encode()),
        mail_bytes=len(raw),
        clip_bytes=CLIP,
        stories=sum(item.role is not Role.ALSO for item in items),
        links=len(mail.links),
        images=len(list(mail.page.iter("img"))),
        words=words,
        minutes=minutes(words),
        leads_missing=leads,
        alts_missing=alts,
        rules={rule.name: rule not in faults for rule in RULES},
        warnings=tuple(warnings),
    )


def figures(report: Report) -> Iterator[tuple[str, str]]:
    """A report's figures for people, each with its name."""
    yield "HTML", f"{report.html_bytes / 1024:.1f} of {report.clip_bytes / 1024:.0f} KiB"
    yield "Whole mail", f"{report.mail_bytes / 1024:.1f} KiB"
    yield "Reading", f"{report.words:,} words, {report.minutes} min"
    yield "Stories", str(report.stories)
    yield "Links", str(report.links)
    yield "Pictures", str(report.images)
    yield "Stories without a lead", str(len(report.leads_missing))
    yield "Pictures without a description", str(len(report.alts_missing))
    if report.links_dead is not None:
        yield "Dead links", str(len(report.links_dead))


def _sent(edition: Edition, stories: set[int | None]) -> tuple[Item, ...]:
    return tuple(item for item in edition.items if item.story.id in stories)


def _alt_missing(item: Item, look: Look) -> bool:
    shown = image(item.story.picture, look) if item.role is Role.LEAD else None
    return shown is not None and not shown.alt


def _lacks(one: str, many: str, headlines: Sequence[str]) -> Iterator[str]:
    if headlines:
        said = f"1 story {one}" if len(headlines) == 1 else f"{len(headlines)} stories {many}"
        named = "; ".join(f"“{headline}”" for headline in headlines[:3])
        yield f"{said}: {named}{f' and {len(headlines) - 3} more' if len(headlines) > 3 else ''}."


def _content(items: Sequence[Item], look: Look, words: int) -> Iterator[str]:
    unlinked = tuple(item.story.title for item in items if not link(item.story.url))
    yield from _lacks("has no usable link", "have no usable link", unlinked)
    for item in items:
        picture = item.story.picture
        if item.role is Role.LEAD and picture and look.images != "none" and not image(picture, look):
            yield f"The picture {picture.url} is left out: {_why_unshown(look)}."
    if sum(item.role is Role.PROMOTED for item in items) > 2:
        yield "There are more than two promoted links: readers and filters take the mail for advertising."
    if words > LONG:
        yield f"It takes {minutes(words)} minutes to read; most readers stop after five."
    if not look.postal_address:
        yield "There is no postal address (site.postal_address): the law asks for one in many countries."


def _why_unshown(look: Look) -> str:
    if look.images == "host":
        return "our pages do not have it, not yet or because it cannot be read"
    return "mail shows JPEG, PNG and GIF over http(s) only"
