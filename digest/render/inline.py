"""premailer, once per edition: the style sheet becomes style attributes, all that many programs read.

premailer 3.10 has traps (a lost doctype, stripped !important, rewritten widths, fetched @imports). They are
avoided by the options and by how the templates are written, and every result is checked for each of them.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from functools import lru_cache
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from digest.errors import TemplateError

DOCTYPE = "<!DOCTYPE html>"
NO_SLOTS = re.compile(r"(?!)")  # matches nowhere
OPTIONS = {
    "keep_style_tags": False,
    "strip_important": False,
    "remove_classes": False,
    "allow_network": False,
    "disable_link_rewrites": True,
    "disable_basic_attributes": ["width", "height"],
    "disable_validation": True,
    "cssutils_logging_level": logging.CRITICAL,
}


def inline(html: str, slots: re.Pattern[str] = NO_SLOTS) -> str:
    """`html` with its styles inlined and everything else as it was.

    Raises TemplateError where the template would fetch something, or would lose one of `_traits`: a mail
    without them still looks right in a browser and wrong in an inbox.
    """
    before = _parsed(html)
    _refuse_network(before)
    out = _premailed(html)
    old, new = _traits(before, html, slots), _traits(_parsed(out), out, slots)
    changed = [name for name in old if old[name] != new[name]]
    if not out.startswith(DOCTYPE):
        changed.append("the doctype")
    if changed:
        raise TemplateError(
            f"inlining the mail's styles changed {', '.join(changed)}: keep {DOCTYPE} in capitals and first, "
            'and @media and !important in <style data-premailer="ignore">'
        )
    return out


def _parsed(html: str) -> HtmlElement:
    try:
        return document_fromstring(html)
    except etree.ParserError as error:
        raise TemplateError("the mail's template gives no HTML") from error


def _style(page: HtmlElement) -> str:
    return "\n".join(style.text or "" for style in page.iter("style"))


def _refuse_network(page: HtmlElement) -> None:
    """Refuse here, because cssutils fetches an @import even where premailer has allow_network=False."""
    if "@import" in _style(page).lower() or any("stylesheet" in e.get("rel", "") for e in page.iter("link")):
        raise TemplateError(
            "the mail's template links or imports a style sheet: put the style sheet into the template itself"
        )


def _premailed(html: str) -> str:
    from premailer import Premailer  # late: 0.3 s

    premailer = Premailer(html, **OPTIONS)
    premailer._parse_style_rules = _style_rules
    try:
        return str(premailer.transform(pretty_print=False))
    except Exception as error:  # of any kind: AttributeError for a nested @media (premailer issue 290)
        raise TemplateError(
            f"the mail's styles cannot be inlined: {error or type(error).__name__}"
        ) from error


@lru_cache(maxsize=32)
def _style_rules(css: str, number: int) -> Any:
    """What premailer makes of a style sheet, the same for every mail: nine tenths of its time."""
    from premailer import Premailer

    return Premailer("", **OPTIONS)._parse_style_rules(css, number)


def _traits(page: HtmlElement, html: str, slots: re.Pattern[str]) -> dict[str, object]:
    """What inlining must leave as it is. Found in the markup, so that no headline is taken for a rule."""
    style = _style(page)
    return {
        "@media rules": style.count("@media"),
        "!important": style.count("!important"),
        "width attributes": page.xpath("//@width"),
        "conditional comments": [comment.text for comment in page.iter(etree.Comment)],
        "slots": Counter(slots.findall(html)),
    }
