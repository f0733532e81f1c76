"""A received mail reads well in a terminal, and in a file."""

from __future__ import annotations

import io

from rich.console import Console

from digest.inbox.mail import open_mail
from digest.inbox.terminal import readable

MAIL = b"""From: The Morning Tide <news@example.com>
To: reader@example.com
Subject: Ferries without oil
Date: Wed, 14 May 2025 06:00:00 +0000
Content-Type: text/plain; charset=utf-8

THE MORNING TIDE


[Home]
FERRIES WITHOUT OIL

Every ferry will run on batteries.
-- Ruth Adeyemi
https://news.example.com/a/very/long/address/that/no/terminal/of/forty/columns/can/hold


------------
WORLD
------------


Rivers shared

Three countries agreed.


- A link in a list
https://news.example.com/list
"""


def printed(raw: bytes, *, terminal: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=40, force_terminal=terminal, color_system="standard" if terminal else None
    )
    console.print(readable(open_mail(raw)), soft_wrap=True)
    return out.getvalue()


def test_without_a_terminal_it_is_the_mail_in_plain_words() -> None:
    text = printed(MAIL)
    assert "\x1b" not in text
    assert text.startswith("Ferries without oil\nFrom  The Morning Tide <news@example.com>\nTo    reader@")
    assert text.endswith(MAIL.decode().partition("\n\n")[2])


def test_headlines_sections_and_links_are_set_off() -> None:
    text = readable(open_mail(MAIL))
    styled = {(span.style, text.plain[span.start : span.end]) for span in text.spans}
    assert ("bold", "Rivers shared\n") in styled
    assert ("bold", "[Home]\nFERRIES WITHOUT OIL\n") in styled
    assert ("bold magenta", "WORLD") in styled
    assert ("italic dim", "-- Ruth Adeyemi") in styled
    assert ("blue", "https://news.example.com/list") in styled
    assert not any("A link in a list" in words for style, words in styled if style == "bold")


def test_a_terminal_shows_it_in_colour() -> None:
    assert "\x1b[1;35mWORLD\x1b[0m" in printed(MAIL, terminal=True)


def test_a_mail_cannot_steer_the_terminal() -> None:
    raw = b"Subject: \x1b]0;owned\x07Hello\r\n\r\nClear \x1b[2J the screen\x9b\r\n"
    text = printed(raw)
    assert "\x1b" not in text
    assert "Hello" in text
    assert "Clear [2J the screen" in text


def test_a_mail_without_text_says_so() -> None:
    raw = b"Subject: Bare\r\nContent-Type: text/html\r\n\r\n<p>News</p>\r\n"
    assert "This mail has no text part." in printed(raw)
