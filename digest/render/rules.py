"""What a mail must be to be read in every inbox, as checks on its bytes.

Each rule has a reason that was measured or is written down by a mailbox provider; docs/templates.md lists
them. They are checked on the message as it goes out, so an operator's own template is held to them too.
"""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from functools import cached_property

from lxml import html as lxml_html

from digest.render.texts import columns
from digest.render.told import PREHEADER, SUBJECT_LIMIT

CLIP = 102 * 1024  # bytes of HTML at which Gmail cuts a mail, the unsubscribe link with it
LIMIT = 90 * 1024  # our own: links are rewritten on the way by filters that make them longer
STYLE_LIMIT = 16 * 1024  # Gmail drops a longer style block
FORBIDDEN = (
    *("script", "form", "iframe", "object", "embed", "video", "audio"),
    *("link", "base", "svg", "canvas", "input", "button", "picture"),
)
_URL = re.compile(r"https?://\S+")
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ufffd]")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"']+")


@dataclass(frozen=True)
class Mail:
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


def _comments_balance(mail: Mail) -> bool:
    opened, closed = mail.html.count("<!--[if "), mail.html.count("<![endif]-->")
    return opened == closed > 0


def _head_complete(mail: Mail) -> bool:
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


def _one_click(mail: Mail) -> bool:
    return (
        "<https:" in mail.header("List-Unsubscribe")
        and mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
        and bool(mail.header("List-Id"))
    )


def _parts_agree(mail: Mail) -> bool:
    body = mail.page.find("body")
    return body is not None and len(mail.text.split()) >= 0.6 * len(body.text_content().split())


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a mail must keep; `broken` is what to tell an editor when it does not."""

    name: str
    keeps: Callable[[Mail], bool]
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
        "A link or picture is http: some inboxes warn of it. Give the site an https address.",
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
    Rule(
        "columns",
        lambda m: all(columns(_URL.sub("", line)) <= 80 for line in m.text.splitlines()),
        "A line of the text part is over 80 columns.",
    ),
)


def broken(mail: bytes) -> tuple[Rule, ...]:
    """The rules that this message breaks."""
    taken_apart = Mail(mail)
    return tuple(rule for rule in RULES if not rule.keeps(taken_apart))
