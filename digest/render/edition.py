"""A frozen edition becomes a rendering: templates, inlining, splitting and encoding, all once.

Everything that differs from reader to reader is left open as a slot, or cut so that it can be left out;
`splice.py` makes the mails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from digest.errors import TemplateError
from digest.model import Edition, Look, Rendering, Segment
from digest.render.catalogue import Wording
from digest.render.choice import SUBJECT_LIMIT, minutes
from digest.render.encode import domain, quoted_printable
from digest.render.frame import frame_values
from digest.render.head import head
from digest.render.inline import inline
from digest.render.jinja import render_templates
from digest.render.layout import Block, blocks
from digest.render.slots import CUT, PER_CHOICE, mark_of, pattern, slots
from digest.render.texts import clean, clip, unfilled

TEMPLATES = ("email/edition.html", "email/edition.txt")
_FALSE_REPLY = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr)\s*:\s*)+", re.IGNORECASE)


def render(edition: Edition, look: Look, locale: str = "", *, welcome: bool = False) -> Rendering:
    """The edition as encoded segments, in the newsletter's language or in `locale` (a BCP 47 tag).

    The same arguments give the same bytes. With `welcome` it greets a new reader above the news.
    Raises TemplateError naming the template and line, ConfigError for a colour that is none.
    """
    wording = Wording(locale or edition.newsletter.language, look.labels)
    parts = blocks(edition, wording, look)
    mark = _mark(edition, look, wording, parts)
    values = _values(edition, look, wording, mark, parts) | {"welcome": welcome}
    html, text = render_templates(look.templates, TEMPLATES, values, wording)
    boundary = f"=_{mark.strip('@')}"  # "=_" stands in no quoted-printable text
    return Rendering(
        mark=mark,
        head=head(edition, look, slots(mark), boundary),
        boundary=boundary,
        segments=_segments(parts, unfilled(inline(html, pattern(mark))), text, mark),
        phrases=_phrases(edition, wording, parts, welcome=welcome),
        locale=wording.tag,
        domain=domain(edition.newsletter.sender),
    )


def _mark(edition: Edition, look: Look, wording: Wording, parts: Sequence[Block]) -> str:
    newsletter = edition.newsletter
    texts = (newsletter.slug, newsletter.title, edition.subject, edition.preheader, edition.correction)
    return mark_of(parts, texts, edition.date, look.site, look.postal_address, wording.tag)


def _values(
    edition: Edition, look: Look, wording: Wording, mark: str, parts: Sequence[Block]
) -> dict[str, Any]:
    newsletter, places = edition.newsletter, slots(mark)
    preferences = f"{look.url}/preferences/{places['preferences']}"
    return {
        "title": clean(newsletter.title),
        "day": wording.day(edition.date),
        "blocks": parts,
        "correction": clean(edition.correction),
        "links": {
            "web": f"{look.url}/archive/{newsletter.slug}/{edition.date:%Y-%m-%d}",
            "archive": f"{look.url}/archive/{newsletter.slug}",
            "preferences": preferences,
            "pause": f"{preferences}#pause",
            "unsubscribe": f"{look.url}/unsubscribe/{places['unsubscribe']}",
        },
        "slots": {name: places[name] for name in (*PER_CHOICE, "address")},
        "cut": places[CUT],
        **frame_values(look, wording),
    }


def _segments(parts: Sequence[Block], html: str, text: str, mark: str) -> tuple[Segment, ...]:
    """Both parts cut at the same places: the opening, one segment a block, the closing."""
    cut = re.compile(rf"\n*{re.escape(slots(mark)[CUT])}\n?")
    htmls, texts = cut.split(html), cut.split(text)
    for name, found in zip(TEMPLATES, (htmls, texts), strict=True):
        _check_cuts(name, len(found) - 1, len(parts) + 1)
    frame = Block("frame", "")
    return tuple(
        Segment(
            html=quoted_printable(html, pattern(mark)),
            text=quoted_printable(text, pattern(mark)),
            section=block.section,
            story=block.story,
            words=block.words,
            headline=block.headline,
            heads=block.heads,
        )
        for block, html, text in zip((frame, *parts, frame), htmls, texts, strict=True)
    )


def _check_cuts(template: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise TemplateError(
            f"{template}: {{{{ cut }}}} stands {found} times instead of {wanted}: it must stand once before "
            "the first block and once after each"
        )


def subject(edition: Edition) -> str:
    """The subject as sent: one line that an inbox shows whole, and that does not pass for an answer."""
    honest = _FALSE_REPLY.sub("", clean(edition.subject)) or clean(edition.newsletter.title)
    return clip(honest, SUBJECT_LIMIT)


def _phrases(
    edition: Edition, wording: Wording, parts: Sequence[Block], *, welcome: bool
) -> Mapping[str, tuple[str, ...]]:
    """The wordings that `splice.py` fills in, kept with the rendering so that no upgrade changes a mail.

    Greetings are given as what stands before, between and after the headlines.
    """
    title = clean(edition.newsletter.title)
    longest = minutes(sum(block.words for block in parts))
    greeting = wording.gettext("Welcome to %(newsletter)s") % {"newsletter": title}
    return {
        "subject": (clip(greeting, SUBJECT_LIMIT) if welcome else subject(edition),),
        "preheader": (clean(edition.preheader),),
        "filler": (f"{title}, {wording.day(edition.date)}",),
        "minutes": tuple(_minutes(wording, n) for n in range(1, longest + 1)),
        **{f"greeting {n}": _greeting(wording, n) for n in range(4)},
    }


def _minutes(wording: Wording, n: int) -> str:
    return wording.ngettext("%(num)s minute read", "%(num)s minute read", n) % {"num": n}


def _greeting(wording: Wording, stories: int) -> tuple[str, ...]:
    text = (
        wording.gettext("Good morning."),
        wording.gettext("Good morning. The main story today: %(first)s."),
        wording.gettext("Good morning. The main stories today: %(first)s; and %(second)s."),
        wording.gettext("Good morning. The main stories today: %(first)s; %(second)s; and %(third)s."),
    )[stories]
    return tuple((text % dict.fromkeys(("first", "second", "third"), "\n")).split("\n"))
