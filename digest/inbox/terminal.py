"""A received mail for a terminal: who, to whom, when, and the text part with its headlines set off."""

from __future__ import annotations

import re

from rich.text import Text

from digest.inbox.mail import Mail

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# The shape of our own text part (templates/email/edition.txt); any other text is shown as it stands.
_STYLES = {
    # The one or more lines that open a story: two empty lines before, one after. A link list is none.
    r"(?<=\n\n\n)(?:(?!- |---|https?://)[^\n]+\n){1,4}(?=\n[^\n])": "bold",
    r"(?m)(?<=-{10}\n)[^\n]+(?=\n-{10,}$)": "bold magenta",
    r"(?m)^-{10,}$": "dim magenta",
    r"(?m)^\[[^\]\n]+\]$": "not bold cyan",
    r"(?m)^-- .+$": "italic dim",
    r"https?://\S+": "blue",
}


def readable(mail: Mail) -> Text:
    """The mail as one styled text. Print it with `soft_wrap=True`: its lines are made for 72 columns, and
    a link broken by the terminal's width opens nothing. Where there are no styles (no terminal, NO_COLOR)
    the same words stand in the same places.
    """
    shown = Text().append(f"{_printable(mail.header('Subject')) or 'No subject'}\n", "bold")
    for name in ("From", "To", "Date"):
        shown.append(f"{name:<6}", "dim").append(f"{_printable(mail.header(name))}\n")
    return shown.append("\n").append_text(_body(mail))


def _body(mail: Mail) -> Text:
    body = Text(_printable(mail.text).strip("\n") or "This mail has no text part.")
    for pattern, style in _STYLES.items():
        body.highlight_regex(pattern, style)
    return body


def _printable(text: str) -> str:
    """Without what would steer the terminal: a mail is foreign text."""
    return _CONTROL.sub("", text)
