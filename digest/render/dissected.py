"""A message taken apart, as the rules look at it."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from functools import cached_property

from lxml import html as lxml_html

_HEX = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?")


@dataclass(frozen=True)
class Dissected:
    """A message taken apart once for all rules."""

    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=default)

    @cached_property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return str(part.get_content()) if part else ""

    @cached_property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""

    @cached_property
    def page(self) -> lxml_html.HtmlElement:
        return lxml_html.document_fromstring(
            self.html.encode(), parser=lxml_html.HTMLParser(encoding="utf-8")
        )

    @cached_property
    def links(self) -> tuple[str, ...]:
        return tuple(a.get("href", "") for a in self.page.iter("a"))

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        return (*self.links, *(img.get("src", "") for img in self.page.iter("img")))

    @cached_property
    def preheader(self) -> str:
        """The first text of the body, "" unless it is hidden."""
        first = next(self.page.iterfind("body/*"), None)
        if first is None or "display:none" not in first.get("style", "").replace(" ", ""):
            return ""
        return first.text_content().strip()

    def header(self, name: str) -> str:
        return str(self.message.get(name, ""))

    @cached_property
    def shown(self) -> tuple[lxml_html.HtmlElement, ...]:
        """The body's elements that are not hidden."""
        hidden = "ancestor-or-self::*[contains(translate(@style, ' ', ''), 'display:none')]"
        return tuple(self.page.xpath(f"//body//*[not({hidden})]"))

    @cached_property
    def colours(self) -> frozenset[tuple[str, str]]:
        """Every pair of ink and ground that text of the body stands in, as style attributes set them."""
        written = (element for element in self.shown if _has_text(element))
        return frozenset(
            (_set(one, "color", "#000000"), _set(one, "background-color", "#ffffff")) for one in written
        )


def styled(element: lxml_html.HtmlElement, name: str) -> list[str]:
    """The values that an element's own style attribute gives a property."""
    return re.findall(rf"(?:^|;)\s*{name}\s*:\s*([^;!]+?)\s*(?=[;!]|$)", element.get("style", ""))


def _has_text(element: lxml_html.HtmlElement) -> bool:
    return any(text and text.strip() for text in (element.text, *(child.tail for child in element)))


def _set(element: lxml_html.HtmlElement, name: str, default: str) -> str:
    """The nearest colour that is set by an element or around it, as #rrggbb; cssutils shortens it to #rgb."""
    colour = next(filter(_HEX.fullmatch, _around(element, name)), default)
    return colour if len(colour) == len(default) else "#" + "".join(digit * 2 for digit in colour[1:])


def _around(element: lxml_html.HtmlElement, name: str) -> Iterator[str]:
    for one in (element, *element.iterancestors()):
        yield from styled(one, name)
