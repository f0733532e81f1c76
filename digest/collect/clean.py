"""Foreign text made fit to store: plain Unicode, no markup, no controls, no half characters, bounded.

Every foreign text that is stored passes through here. What leaves is text: it is still escaped on output.
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import urljoin, urlsplit

import nh3

# Characters, at most:
TITLE = 400  # longer than any headline, short enough for a subject line's neighbour
OPENING = 120  # of a text that stands for a headline
SUMMARY = 4_000
BODY = 200_000
URL = 2_000
ID = 2_000  # a feed's guid, which may be an address
LABEL = 80  # a section, an agency, a paid link's label
BYLINE = 200
LANGUAGE = 20
CAPTION = 600
CREDIT = 120
QUOTED = 80  # of what is wrong, in a sentence that says so
MARKUP = 600_000  # of one entry's HTML that is looked at

# What browsers show for the C1 controls that cp1252 text leaves behind when it is read as Latin-1
# (WHATWG Encoding, windows-1252). Gmail clips mails that carry the bare controls.
_CP1252 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
_LINE_ENDS = dict.fromkeys([0x0B, 0x0C, 0x2028, 0x2029], "\n")
_DROPPED = dict.fromkeys(
    [
        *range(9),
        *range(0x0E, 0x20),
        0x7F,
        0xAD,  # soft hyphen: breaks searching and comparing
        0x200B,  # zero-width space
        *range(0x202A, 0x202F),  # direction overrides: let a headline pose as another
        0xFEFF,
        0xFFFE,
        0xFFFF,
        *range(0xD800, 0xE000),  # lone surrogates: no encoder takes them
    ]
)
_MAP: dict[int, str | None] = {**_CP1252, **_LINE_ENDS, **_DROPPED}

_BLOCKS = frozenset(
    """
    address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li
    main ol p pre section table td th tr ul
    """.split()
)
_UNSEEN = frozenset("script style template noscript iframe object svg math title textarea select".split())
_TAG = re.compile(r"<[^>]*>")
_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_STILL_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_NEVER_DEEP = frozenset("p li br img hr input wbr meta link source td tr th dd dt option".split())
_DEEP = 200  # elements inside each other; the web's own limit is about 500
_GAP = re.compile(r"\n\s*\n\s*")


def characters(text: str) -> str:
    """The text without controls, half characters and their like, composed (Unicode NFC)."""
    return unicodedata.normalize("NFC", text.translate(_MAP))


def paragraphs(markup: str, limit: int = BODY) -> str:
    """The readable text of HTML or of plain text: paragraphs of one line each, parted by an empty line."""
    text = characters(markup[:MARKUP])
    for _ in range(4):  # escaped once is normal, twice is common, thrice has been seen
        if not _STILL_MARKUP.search(text):
            break
        text = characters(html.unescape(_without_tags(text)))
    parts = (" ".join(part.split()) for part in _GAP.split(text))
    return _cut("\n\n".join(part for part in parts if part), limit)


def _without_tags(text: str) -> str:
    """nh3 parses as browsers do and escapes what is text, so that any `<` left in its output begins a tag."""
    if "<" not in text:
        return text
    if text.count("<") > _DEEP:
        text = _flattened(text)
    kept = nh3.clean(text, tags=_BLOCKS, clean_content_tags=_UNSEEN, attributes={}, link_rel=None)
    return _TAG.sub("\n\n", kept)


def _flattened(text: str) -> str:
    """The markup without what is nested too deeply: an HTML5 parser takes 28 s for 100,000 open `div`s."""
    depth = 0

    def shallow(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _NEVER_DEEP:
            return tag[0]
        depth = max(0, depth - 1) if tag[1] else depth + 1
        return tag[0] if depth <= _DEEP else f"<{tag[1]}wbr"

    return _NAME.sub(shallow, text)


def line(markup: str, limit: int = TITLE) -> str:
    """The text as one line: a headline, a name, a caption. No line end is left to inject a header with."""
    return _cut(" ".join(paragraphs(markup, limit * 2).split()), limit)


def link(address: str, base: str = "") -> str:
    """The address made absolute, or "" where it is not one that may be shown: http and https alone are."""
    address = "".join(characters(address).split())
    if not address:
        return ""
    try:
        whole = urljoin(base, address)
        return whole if _can_be_shown(whole) else ""
    except ValueError:  # a bracket that is not closed, a port that is not a number
        return ""


def _can_be_shown(url: str) -> bool:
    parts = urlsplit(url)
    safe = len(url) <= URL and not set(url) & set("\"'<>\\`") and "@" not in parts.netloc
    return safe and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters, ended at a word where there is one."""
    if len(text) <= limit:
        return text
    return (text[: limit - 1].rsplit(None, 1)[0] or text[: limit - 1]) + "…"
