"""What a template is given: an edition as a row of blocks, every text clean, every link safe.

Nothing foreign reaches a template but through here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from posixpath import splitext
from urllib.parse import urlsplit

from digest.model import LINK_WORDS, Edition, Item, Look, Picture, Role, Story
from digest.render.catalogue import Wording, direction
from digest.render.texts import clean, clip, link, tagged, words

TEXT_WIDTH = 560  # CSS pixels of a picture: a column of 600 less 20 on each side
TITLE_LIMIT = 300  # characters; a headline of more is a feed's mistake
LEAD_LIMIT = 900
UNSHOWN = (".svg", ".webp", ".avif")  # Gmail shows no svg, classic Outlook none of them
Params = tuple[tuple[str, str], ...]

OPINION = {"opinion", "comment", "commentary", "analysis", "leader", "editorial"}


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as shown: sizes in CSS pixels, `height` 0 where not known."""

    url: str
    alt: str
    caption: str
    credit: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of an edition, as a template sees it; becomes one segment of the mail.

    `kind` is lead, pick, story, also, promoted, head (of the picks or a section) or also_head. `kicker`
    is the small line above a headline; `credit` names writer and agency. `lang` and `dir` are set where
    the story's language is not the mail's. `section`, `story` and `heads` are as in `model.Segment`.
    """

    kind: str
    title: str
    section: str = ""
    story: int | None = None
    heads: tuple[int, ...] = ()
    url: str = ""
    lead: str = ""
    kicker: str = ""
    credit: str = ""
    also_by: str = ""
    image: Image | None = None
    lang: str = ""
    dir: str = ""

    @property
    def headline(self) -> str:
        """The headline where the story is told in full and is journalism."""
        return self.title if self.kind in ("lead", "pick", "story") else ""

    @property
    def words(self) -> int:
        texts = (self.kicker, self.title, self.lead, self.credit, self.also_by)
        caption = (self.image.caption, self.image.credit) if self.image else ()
        return sum(map(words, (*texts, *caption)))


def blocks(edition: Edition, wording: Wording, look: Look) -> tuple[Block, ...]:
    """The edition in reading order, a heading before each run of picks, stories and "also" links."""
    return tuple(_in_order(edition, wording, look))


def _in_order(edition: Edition, wording: Wording, look: Look) -> Iterator[Block]:
    opened = set()
    params = tuple(_params(edition))
    for (role, section), run in groupby(edition.items, _place):
        items = tuple(run)
        if role in (Role.SECTION, Role.ALSO) and section not in opened:
            opened.add(section)
            yield _head(edition, section, wording)
        if role is Role.PICK and role not in opened:
            opened.add(role)
            yield Block("head", wording.gettext("Editors’ choice"), heads=_ids(edition, role))
        if role is Role.ALSO:
            title = wording.gettext("Also in %(section)s") % {"section": _name(section, wording)}
            yield Block("also_head", title, section, heads=tuple(item.story.id for item in items))
        yield from (_story(item, section, wording, look, params) for item in items)


def _params(edition: Edition) -> Iterator[tuple[str, str]]:
    """What the publisher adds to every story's link; LINK_WORDS in it are the edition's own."""
    own = dict(zip(LINK_WORDS, (edition.date.isoformat(), edition.newsletter.slug), strict=True))
    for name, value in edition.newsletter.link_params:
        yield name, _filled(value, own)


def _filled(text: str, own: Mapping[str, str]) -> str:
    for word, said in own.items():
        text = text.replace(f"{{{word}}}", said)
    return text


def _place(item: Item) -> tuple[Role, str]:
    return item.role, item.section if item.role in (Role.SECTION, Role.ALSO) else ""


def _ids(edition: Edition, role: Role) -> tuple[int, ...]:
    return tuple(item.story.id for item in edition.items if item.role is role)


def _head(edition: Edition, section: str, wording: Wording) -> Block:
    own = {(Role.SECTION, section), (Role.ALSO, section)}
    ids = tuple(item.story.id for item in edition.items if _place(item) in own)
    return Block("head", _name(section, wording), section, heads=ids)


def _name(section: str, wording: Wording) -> str:
    return clean(section) or wording.gettext("More news")


def _story(item: Item, section: str, wording: Wording, look: Look, params: Params) -> Block:
    story, kind = item.story, "story" if item.role is Role.SECTION else item.role.value
    foreign = story.language if story.language and story.language != wording.tag else ""
    block = Block(
        kind,
        clip(clean(story.title), TITLE_LIMIT),
        section,
        story.id,
        url=tagged(link(story.url), params),
        lang=foreign,
        dir=direction(foreign) if foreign and direction(foreign) != wording.direction else "",
    )
    if item.role is Role.ALSO:
        return block
    return replace(
        block,
        lead=clip(clean(story.lead), LEAD_LIMIT),
        kicker=_kicker(item, wording),
        credit=" · ".join(filter(None, (clean(story.byline), clean(story.agency)))),
        also_by=_also_by(story, wording) if item.role in (Role.LEAD, Role.PICK) else "",
        image=image(story.picture, look) if item.role is Role.LEAD else None,
    )


def _kicker(item: Item, wording: Wording) -> str:
    """A paid link's label; else what the reader must know first, and the section where no heading says it."""
    story = item.story
    if item.role is Role.PROMOTED:
        return clean(story.promoted) or wording.gettext("Advertisement")
    updated = wording.gettext("Updated") if story.updated else ""
    section = clean(story.section)
    shown = item.role is not Role.SECTION or (
        section.casefold() in OPINION and section != clean(item.section)
    )
    return " · ".join(filter(None, (updated, section if shown else "")))


def _also_by(story: Story, wording: Wording) -> str:
    names = ", ".join(filter(None, map(clean, story.also_by)))
    return wording.gettext("Also reported by %(names)s") % {"names": names} if names else ""


def image(picture: Picture | None, look: Look) -> Image | None:
    """The picture as it is shown; None where it cannot be, or by `look.images` is not to be."""
    url = link(_address(picture.url, look)) if picture else ""
    if not picture or not url or splitext(urlsplit(url).path)[1].lower() in UNSHOWN:
        return None
    width = min(picture.width or TEXT_WIDTH, TEXT_WIDTH)
    height = round(picture.height * width / picture.width) if picture.width else 0
    caption = clean(picture.caption)
    return Image(url, clean(picture.alt) or caption, caption, clean(picture.credit), width, height)


def _address(url: str, look: Look) -> str:
    """Where mail and pages find a picture: our own pages serve those whose address is a path."""
    if look.images == "none":
        return ""
    if url.startswith("/"):
        return f"{look.url}{url}"
    return url if look.images == "link" else ""
