"""A received mail taken apart for reading. Whatever bytes came, something readable is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from textwrap import shorten

from lxml import etree

_WORDS = etree.XPath("//body//text()[not(parent::style or parent::script)]")
_FOLD = re.compile(r"\r?\n([ \t])")
# What fills preheaders: joiners, soft hyphens and the like, which show as nothing.
_FILLING = re.compile(r"[\u00ad\u034f\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Mail:
    """Headers decoded to text, the bodies as text. `html` or `text` is "" where the mail has none."""

    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    source: str

    def header(self, name: str) -> str:
        """The first header of that name, whatever its case; "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def sender(self) -> str:
        """The name in From, as an inbox shows it; the address where there is no name."""
        name, address = parseaddr(self.header("from"))
        return name or address

    @property
    def snippet(self) -> str:
        """What an inbox shows below the subject: the first words a reader would see, the preheader."""
        shown = _FILLING.sub("", _seen(self.html)).strip() or self.text
        return shorten(shown[:2_000], 140, placeholder="…")


def open_mail(raw: bytes) -> Mail:
    # The older policy: the newer one's header parser raises IndexError on a broken address.
    message = message_from_bytes(raw, policy=policy.compat32)
    return Mail(
        headers=tuple((name, _decoded(value)) for name, value in message.raw_items()),
        html=_body(message, "text/html"),
        text=_body(message, "text/plain"),
        source=raw.decode("utf-8", "replace"),
    )


def _decoded(value: str) -> str:
    """A header's value unfolded, its encoded words (RFC 2047) decoded; as it stands where they are broken."""
    text = _FOLD.sub(r"\1", value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text


def _body(message: Message, kind: str) -> str:
    """The first part of that kind that is no attachment."""
    for part in message.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            return _content(part)
    return ""


def _content(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _seen(html: str) -> str:
    """The words of a page that a reader sees, hidden preheader included."""
    # Parsed, not searched: patterns for tags take quadratic time on what a hostile mail may hold.
    page = etree.fromstring(html.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8"))
    return "" if page is None else " ".join(_WORDS(page))
