"""What a mail must be to be read in every inbox, as checks on its bytes.

Each rule has a reason that was measured or is written down by a mailbox provider; docs/templates.md lists
them. They are checked on the message as it goes out, so an operator's own template is held to them too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from digest.render.choice import PREHEADER, SUBJECT_LIMIT
from digest.render.colour import READABLE, contrast
from digest.render.dissected import Dissected, styled
from digest.render.texts import columns

CLIP = 102 * 1024  # bytes of HTML at which Gmail cuts a mail, the unsubscribe link with it
LIMIT = 90 * 1024  # our own: links are rewritten on the way by filters that make them longer
STYLE_LIMIT = 16 * 1024  # Gmail drops a longer style block
SMALLEST = 13  # px of type; iOS makes smaller letters larger, and breaks the lines that way
WIDEST = 680  # px: the reading pane of a laptop
LINE = 998  # bytes of a line: RFC 5322, 2.1.1
VAGUE = {"here", "click here", "read more", "more", "link", "learn more", "this link"}
FORBIDDEN = tuple(
    """
    script form iframe object embed video audio link base svg canvas input button picture
    """.split()
)
_URL = re.compile(r"https?://\S+")
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ufffd]")
_TOKEN = re.compile(r"\{\{|\{%|\*\|[A-Z_:]+\|\*|\[\[[A-Z_]+\]\]")
_PX = re.compile(r"([0-9]*\.?[0-9]+)px", re.IGNORECASE)
# The attribute is in pixels whatever follows its number, but for a percent sign (HTML, dimension values).
_WIDTH = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)(?![0-9.]*%)")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"']+")


def _comments_balance(mail: Dissected) -> bool:
    opened, closed = mail.html.count("<!--[if "), mail.html.count("<![endif]-->")
    return opened == closed > 0


def _head_complete(mail: Dissected) -> bool:
    root = mail.page.getroottree().getroot()
    return all(
        (
            mail.html.lstrip().startswith("<!DOCTYPE html>"),
            root.get("lang"),
            root.get("dir"),
            root.findtext("head/title"),
            root.find("head/meta[@name='viewport']") is not None,
            "charset=utf-8" in mail.html[:1024].replace('"', "").lower(),
        )
    )


def _one_click(mail: Dissected) -> bool:
    return (
        "<https:" in mail.header("List-Unsubscribe")
        and mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
        and bool(mail.header("List-Id"))
    )


def _parts_agree(mail: Dissected) -> bool:
    body = mail.page.find("body")
    return body is not None and len(mail.text.split()) >= 0.6 * len(body.text_content().split())


def _links_say_where(mail: Dissected) -> bool:
    """A screen reader lists links alone, without the sentence around them."""
    said = [" ".join([a.text_content(), *a.xpath(".//img/@alt")]).strip() for a in mail.page.iter("a")]
    return all(text and text.casefold() not in VAGUE for text in said)


def _type_is_large_enough(mail: Dissected) -> bool:
    sizes = [size for element in mail.shown for size in styled(element, "font-size")]
    return all(float(size[1]) >= SMALLEST for size in map(_PX.fullmatch, sizes) if size)


def _fits_the_pane(mail: Dissected) -> bool:
    styles = [width for element in mail.shown for width in styled(element, "width")]
    attributes = map(str, mail.page.xpath("//body//@width"))
    fixed = [*map(_PX.fullmatch, styles), *map(_WIDTH.match, attributes)]
    return all(float(width[1]) <= WIDEST for width in fixed if width)


def _contrasts(mail: Dissected) -> bool:
    """Light mode alone: what a style block makes of it in the dark, only a browser tells."""
    return all(contrast(ink, ground) >= READABLE for ink, ground in mail.colours)


def _travels(mail: Dissected) -> bool:
    """Programs show the last alternative they know; relays break or refuse long lines."""
    kinds = [part.get_content_type() for part in mail.message.walk() if not part.is_multipart()]
    lines = mail.raw.split(b"\r\n")
    return kinds == ["text/plain", "text/html"] and all(
        len(one) <= LINE and b"\n" not in one for one in lines
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a mail must keep; `broken` is what to tell an editor when it does not."""

    name: str
    keeps: Callable[[Dissected], bool]
    broken: str


RULES = (
    Rule(
        "size", lambda m: len(m.html.encode()) <= LIMIT, "The HTML is over 90 KiB: Gmail clips a mail at 102."
    ),
    Rule("head", _head_complete, "The HTML lacks doctype, charset, language, direction, title or viewport."),
    Rule("dark", lambda m: "prefers-color-scheme:dark" in m.html.replace(" ", ""), "There is no dark mode."),
    Rule("outlook", _comments_balance, "The comments for Outlook are missing or not closed."),
    Rule(
        "style blocks",
        lambda m: all(len((s.text or "").encode()) <= STYLE_LIMIT for s in m.page.iter("style")),
        "A style block is over 16 KB: Gmail drops it.",
    ),
    Rule(
        "tables",
        lambda m: all(t.get("role") == "presentation" for t in m.page.iter("table")),
        'A layout table lacks role="presentation": screen readers read it out as data.',
    ),
    Rule(
        "pictures",
        lambda m: all(i.get("alt") is not None and i.get("width", "").isdigit() for i in m.page.iter("img")),
        "A picture has no alt text or no width in pixels: Outlook shows it at its file's size.",
    ),
    Rule(
        "elements",
        lambda m: next(m.page.iter(*FORBIDDEN), None) is None and "var(--" not in m.html,
        "There is an element or a CSS variable that mail programs remove.",
    ),
    Rule(
        "one h1",
        lambda m: len(list(m.page.iter("h1"))) == 1,
        "There must be one main heading, the masthead, and no second.",
    ),
    Rule(
        "preheader",
        lambda m: PREHEADER[0] <= len(m.preheader) <= PREHEADER[1] and m.preheader != m.header("Subject"),
        "The preheader is not hidden, not 35 to 140 characters, or says the subject again.",
    ),
    Rule(
        "links",
        lambda m: all(map(_SAFE_LINK.fullmatch, m.addresses)),
        "A link is empty, relative or malformed.",
    ),
    Rule(
        "https",
        lambda m: not any(url.startswith("http:") for url in m.addresses),
        "A link or picture is http: some inboxes warn of it, and one-click unsubscribing (RFC 8058) fails. "
        "Give the site an https address.",
    ),
    Rule(
        "way out",
        lambda m: any("/unsubscribe/" in url for url in m.links) and "/unsubscribe/" in m.text,
        "There is no link to unsubscribe in both parts: every mailbox provider demands one.",
    ),
    Rule(
        "web edition",
        lambda m: any("/archive/" in url for url in m.links),
        "There is no link to the web edition.",
    ),
    Rule(
        "characters",
        lambda m: not _BAD.search(m.html + m.text),
        "There are control characters: Gmail clips such mails.",
    ),
    Rule(
        "subject",
        lambda m: 0 < len(m.header("Subject")) <= SUBJECT_LIMIT,
        "The subject is empty or over 70 characters.",
    ),
    Rule("one click", _one_click, "One-click unsubscribing (RFC 8058) needs an https address of the site."),
    Rule("parts", _parts_agree, "The text part says much less than the HTML: filters take that for deceit."),
    Rule("link text", _links_say_where, "A link says nothing by itself: “click here” names no story."),
    Rule("type size", _type_is_large_enough, "There is type under 13 px: phones enlarge it and break lines."),
    Rule("width", _fits_the_pane, "Something is wider than 680 px: it is cut off beside a list of mails."),
    Rule("contrast", _contrasts, "There is text that hardly stands out from its ground (under 4.5 : 1)."),
    Rule(
        "placeholders",
        lambda m: not _TOKEN.search(m.html),
        "A place that should have been filled in is left open, such as {{name}}.",
    ),
    Rule("alternatives", _travels, "The parts are not text before HTML in lines of at most 998 bytes."),
    Rule(
        "columns",
        lambda m: all(columns(_URL.sub("", line)) <= 80 for line in m.text.splitlines()),
        "A line of the text part is over 80 columns.",
    ),
)


def broken(mail: Dissected) -> tuple[Rule, ...]:
    """The rules that this message breaks."""
    return tuple(rule for rule in RULES if not rule.keeps(mail))
