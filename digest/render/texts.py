"""Foreign text made fit to print: controls out, lines of a known width, lengths, words, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

COLUMNS = 72
WIDE = "\u1100-\u11ff\u2e80-\u30ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60"
_CJK = re.compile(f"[{WIDE}]")
# JIS X 4051: never first on a line.
_NO_START = "、。，．：；！？）」』】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々)]}!?,.:;…"
_ATOM = re.compile(rf"\s*(?:[{WIDE}][{re.escape(_NO_START)}]*|[^\s{WIDE}]+)")
# C0 and C1 controls, bidi embeddings and overrides, lost characters, surrogates, noncharacters.
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = re.compile(r"\s+")
_ENDS = ".。．"


def _repaired(match: re.Match[str]) -> str:
    """C1 controls are nearly always cp1252 punctuation read as latin-1; Gmail clips mails that hold them."""
    code = ord(match[0])
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code <= 0x9F else ""


def clean(text: str) -> str:
    """One line of printable text: no controls, no direction overrides, single blanks.

    NEL (U+0085) is a control by name and an ellipsis in cp1252, which is what feeds mean by it.
    """
    return _BLANKS.sub(" ", _CONTROLS.sub(_repaired, text)).strip()


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word's end and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    word, blank, _ = head.rpartition(" ")
    return (word if blank and len(word) > limit // 2 else head).rstrip(" ,;:–—-") + "…"


def columns(text: str) -> int:
    """Terminal columns `text` takes: East Asian wide characters take two."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def words(text: str) -> int:
    """Words to read. Two Chinese or Japanese characters take about as long as a word."""
    wide = len(_CJK.findall(text))
    return len(_CJK.sub(" ", text).split()) + (wide + 1) // 2


def _atoms(text: str, width: int) -> Iterator[str]:
    """What may not be parted: a word with the blank before it, or one wide character with its punctuation."""
    for match in _ATOM.finditer(text):
        yield from _slices(match[0], width) if columns(match[0]) > width else (match[0],)


def _slices(word: str, width: int) -> Iterator[str]:
    """A word cut to pieces of at most `width` columns."""
    piece, used = "", 0
    for char in word:
        taken = columns(char)
        if piece and used + taken > width:
            yield piece
            piece, used = "", 0
        piece, used = piece + char, used + taken
    yield piece


def wrap(text: str, width: int = COLUMNS) -> str:
    """`text` in lines of at most `width` columns; a longer word is cut, so an address must not pass here."""
    lines, line, used = [], "", 0
    for atom in _atoms(text, width):
        if line and used + columns(atom) > width:
            lines.append(line)
            line = ""
        part = atom if line else atom.lstrip()
        used = columns(part) + (used if line else 0)
        line += part
    return "\n".join([*lines, line])


def without_stop(headline: str) -> str:
    """A headline as it stands inside a sentence: without its own full stop."""
    return headline.rstrip(_ENDS).rstrip()


def unfilled(html: str) -> str:
    """HTML whose braces stay as written: a relay that fills in `{{…}}` and `{%…%}` finds none to fill."""
    return html.replace("{{", "{&#123;").replace("{%", "&#123;%")


def link(url: str) -> str:
    """`url` as plain ASCII that no quoting can break, "" unless it is an absolute http or https address.

    Brackets and quotes are encoded too: mail programs end a link in plain text at them.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
        rest = quote(parts._replace(scheme="", netloc="").geturl(), safe="/?#&=%:;,+!*@$~-._")
    except ValueError:  # UnicodeError is one
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{rest}"


def tagged(url: str, params: Iterable[tuple[str, str]]) -> str:
    """A link with parameters after its query. One that the query has already stands as it is."""
    if not url:
        return ""
    parts = urlsplit(url)
    there = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode([(name, value) for name, value in params if name not in there])
    return parts._replace(query="&".join(filter(None, (parts.query, added)))).geturl()
