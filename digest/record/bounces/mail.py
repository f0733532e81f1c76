"""Returned mail, read within bounds: bytes become a small value that the detectors look at.

The standard library's parser does the reading. It is fast on mail but not on attacks: its time grows with
lines times nesting, its memory with parts. So the bytes are cut first, where they become too many of any.
What tells why a mail came back stands at its start; what is cut off is the returned original's text.
"""

from __future__ import annotations

import email
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from itertools import islice

MOST_BYTES = 256 * 1024
MOST_TEXT = 32 * 1024  # characters of what the mail tells, over all its parts
MOST_HEAD = 32 * 1024  # characters of the returned mail's headers
MOST_BLOCKS = 50  # reported recipients; ours have one each
MOST_VALUE = 4000  # characters of a header's value; the library reads long parameters in quadratic time
CUTS = (  # what may occur how often; the mail ends where there is more
    (re.compile(rb"\r\n|\r|\n"), 8000),
    (re.compile(rb"(?i)multipart/|message/"), 24),
    (re.compile(rb"(?m)^--"), 200),
)
# Charsets seen in mail. Python knows slower ones (punycode takes quadratic time) that no mail needs.
CHARSETS = re.compile(
    r"(?i)(utf-?8|us-ascii|iso-?8859-|windows-|cp\d|koi8-|iso-2022-|shift|sjis|euc-|gb|big5)"
)
BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d|/pre)\b[^<>]*>")
TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")
TAGS = re.compile(r"<[^<>]*>")
STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
HEADER_TYPES = {
    "text/rfc822-headers",
    "text/rfc822-header",
    "message/rfc822-headers",
    "message/global-headers",
}

Fields = Mapping[str, tuple[str, ...]]  # lower-case names of a header block, each with all its values


class ShortHeaders(Compat32):
    """The library's reading of headers, each cut to a bearable length; bare UTF-8 in them is text."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MOST_VALUE]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


POLICY = ShortHeaders()


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that came back, or claims to. Names in header blocks are lower case, values unfolded."""

    head: Fields
    text: str  # what it tells a human, its parts joined; may hold the original after a marker line
    reports: tuple[Fields, ...]  # the blocks of its delivery status (RFC 3464), the first about the mail
    feedback: Fields  # its feedback report (RFC 5965)
    original: str  # the returned mail's header lines

    def header(self, name: str) -> str:
        """A header's first value, decoded; "" where there is none."""
        return decoded(self.head.get(name, ("",))[0])


def read(raw: bytes, *, unwrap: bool = False) -> Mail:
    """A mail as its detectors need it. Whatever the bytes are, the work is bounded.

    `unwrap` looks for reports in nested mails, too.
    """
    root = parse(raw)
    parts = list(leaves(root, unwrap))
    return Mail(
        head=fields(root),
        text=told(parts),
        reports=tuple(block for part in parts for block in status_blocks(part)),
        feedback=next(filter(None, map(feedback, parts)), {}),
        original=next(filter(None, map(original, parts)), "")[:MOST_HEAD],
    )


def parse(raw: bytes) -> Message:
    """The library's message of the mail's start."""
    return email.message_from_bytes(bounded(raw), policy=POLICY)


def bounded(raw: bytes) -> bytes:
    """The mail's start, cut where it has too many bytes, lines, parts or nested mails."""
    raw = raw[:MOST_BYTES]
    for mark, most in CUTS:
        beyond = next(islice(mark.finditer(raw), most, None), None)
        raw = raw[: beyond.start()] if beyond else raw
    return raw


def leaves(part: Message, unwrap: bool) -> Iterator[Message]:
    """The parts that hold something, in order. A nested mail is one; unwrapped, its own parts follow."""
    whole = part.get_content_maintype() == "message"
    if whole or not part.is_multipart():
        yield part
    if unwrap or not whole:
        for child in children(part):
            yield from leaves(child, unwrap)


def children(part: Message) -> list[Message]:
    """The parts within. Text is never asked for as `str`: the library would use whatever charset it names."""
    within = part.get_payload() if part.is_multipart() else []
    return [child for child in within if isinstance(child, Message)]


def kind(part: Message) -> str:
    """The content type, also of a header that lacks the semicolon after it."""
    found = TYPE.match(str(part.get("content-type", "text/plain")))
    return found[0].lower() if found else "text/plain"


def fields(part: Message) -> Fields:
    """A part's headers by lower-case name, with values unfolded."""
    found: dict[str, list[str]] = {}
    for name, value in part.items():
        found.setdefault(name.lower(), []).append(" ".join(str(value).split()))
    return {name: tuple(values) for name, values in found.items()}


def told(parts: list[Message]) -> str:
    """The text parts, joined; HTML only where there is no plain text. A damaged multipart is text, too."""
    plain = [content(p) for p in parts if kind(p) == "text/plain" or broken(p)]
    texts = plain or [without_tags(content(p)) for p in parts if kind(p) == "text/html"]
    return "\n".join(texts)[:MOST_TEXT]


def broken(part: Message) -> bool:
    return part.get_content_maintype() == "multipart" and not part.is_multipart()


def content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return text(payload, str(part.get_param("charset", "")))


def text(payload: bytes, charset: str) -> str:
    """Bytes as text, never failing: in the charset they claim, else UTF-8, else Latin-1."""
    for name in (charset if CHARSETS.match(charset) else "utf-8", "utf-8"):
        try:
            return payload.decode(name)
        except (UnicodeError, LookupError):
            continue
    return payload.decode("latin-1")


def without_tags(page: str) -> str:
    return html.unescape(TAGS.sub("", BREAKS.sub("\n", page)))


def status_blocks(part: Message) -> Iterator[Fields]:
    for block in children(part) if kind(part) in STATUS_TYPES else ():
        yield fields(block)
        # The parser splits blocks of message/delivery-status only, not of RFC 6533's type.
        yield from blocks(content(block))


def blocks(lines: str) -> Iterator[Fields]:
    """Header blocks in plain text, parted by empty lines."""
    for block in re.split(r"\n[ \t\r]*\n", lines.strip(), maxsplit=MOST_BLOCKS)[:MOST_BLOCKS]:
        if ":" in block:
            yield fields(email.message_from_string(block.strip()))


def feedback(part: Message) -> Fields:
    """The fields of a feedback report, also of one in a damaged mail, where it is but text."""
    inner = nested(part)
    if inner and kind(part) == "message/feedback-report":
        return fields(inner)
    damaged = broken(part) and "feedback-report" in str(part.get("content-type"))
    return next((b for b in blocks(content(part)) if "feedback-type" in b), {}) if damaged else {}


def original(part: Message) -> str:
    """The header lines of the returned mail, where this part is it."""
    if kind(part) in HEADER_TYPES:
        return content(part) or nested_head(part)
    return nested_head(part) if kind(part) in {"message/rfc822", "message/global"} else ""


def nested_head(part: Message) -> str:
    inner = nested(part)
    return "\n".join(f"{name}: {value}" for name, value in inner.items()) if inner else ""


def nested(part: Message) -> Message | None:
    return next(iter(children(part)), None)


def decoded(value: str) -> str:
    """A header's value with its encoded words (RFC 2047) read, as far as they can be."""
    try:
        pieces = decode_header(value)
    except HeaderParseError:
        return value
    return "".join(text(p, c or "") if isinstance(p, bytes) else p for p, c in pieces)
