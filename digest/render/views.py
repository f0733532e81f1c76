"""A mail in the ways it is seen: on a phone, on a desk, in the dark, without pictures, as text.

Each view is a page of its own, to be shown in a frame in which nothing may run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from digest.render.catalogue import Wording
from digest.render.dissected import Dissected
from digest.render.jinja import render_templates
from digest.render.report import Report, figures

PHONE, DESK = 375, 680  # CSS pixels: the narrowest phone in wide use, and a reading pane
NO_PICTURE = "data:,"  # an address that leads to none, without a request

_DARK = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_LIGHT = re.compile(r"\(\s*prefers-color-scheme\s*:\s*light\s*\)")
_SCHEME = re.compile(r"(color-scheme:\s*|name=\"(?:supported-)?color-schemes?\" content=\")light dark")
_PICTURE = re.compile(r"(<img\b[^>]*?\ssrc=)(?:\"[^\"]*\"|'[^']*')")
_ALWAYS, _NEVER = "(min-width:0)", "(max-width:0)"


TITLES = {
    "phone": "Phone",
    "dark": "Dark",
    "pictures-off": "Pictures off",
    "desktop": "Desktop",
    "text": "Text",
}


@dataclass(frozen=True, slots=True)
class View:
    """One way of seeing a mail: its name in addresses, its title, the frame's width in CSS pixels, a page."""

    name: str
    title: str
    width: int
    html: str


def views(mail: Dissected) -> tuple[View, ...]:
    """Every way in which this message is seen."""
    html = in_new_windows(mail.html)
    light = as_in(html, dark=False)
    pages = {
        "phone": (PHONE, light),
        "dark": (PHONE, as_in(html, dark=True)),
        "pictures-off": (PHONE, without_pictures(light)),
        "desktop": (DESK, light),
        "text": (DESK, text_page(mail.text)),
    }
    return tuple(View(name, title, *pages[name]) for name, title in TITLES.items())


def as_in(html: str, *, dark: bool) -> str:
    """The mail as a program shows it that is in dark mode or is not, whatever this browser is in."""
    html = _SCHEME.sub(rf"\g<1>{'dark' if dark else 'light'}", html)
    html = _DARK.sub(_ALWAYS if dark else _NEVER, html)
    return _LIGHT.sub(_NEVER if dark else _ALWAYS, html)


def without_pictures(html: str) -> str:
    """The mail as it is seen until pictures are asked for."""
    return _PICTURE.sub(rf'\g<1>"{NO_PICTURE}"', html)


def in_new_windows(html: str) -> str:
    """The mail with links that leave the frame alone."""
    return html.replace("<head>", '<head><base target="_blank">', 1)


def text_page(text: str) -> str:
    """The text part as a terminal shows it."""
    style = (
        "body{margin:16px;color-scheme:light}pre{font:14px/20px monospace;white-space:pre-wrap;color:#1a1a1a}"
    )
    head = f'<meta charset="utf-8"><title>Text</title><style>{style}</style>'
    return f"<!DOCTYPE html><html><head>{head}</head><body><pre dir=auto>{escape(text)}</pre></body></html>"


def preview_page(raw: bytes, report: Report) -> str:
    """The views of a message and its report, on one page."""
    values = {
        "subject": report.subject,
        "report": report,
        "figures": list(figures(report)),
        "views": views(Dissected(raw)),
    }
    return render_templates("", ("preview/page.html",), values, Wording("en"))[0]
