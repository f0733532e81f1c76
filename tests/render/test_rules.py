import re
from collections.abc import Callable

import pytest

from digest.render.dissected import Dissected
from digest.render.edition import render
from digest.render.rules import RULES, broken
from digest.render.splice import Splicer
from tests.render.editions import EDITIONS, LETTER, LOOK, PREFERENCES, UNSUBSCRIBE


def sent(name: str = "sample") -> bytes:
    return Splicer(render(EDITIONS[name](), LOOK)).mail(LETTER, UNSUBSCRIBE, PREFERENCES)


@pytest.mark.parametrize("name", EDITIONS)
def test_our_own_template_breaks_no_rule(name: str) -> None:
    assert broken(Dissected(sent(name))) == ()


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def swapped(mail: bytes) -> bytes:
        unfolded = mail.replace(b"=\r\n", b"")
        assert old in unfolded
        return unfolded.replace(old, new)

    return swapped


def big(mail: bytes) -> bytes:
    return mail.replace(b"</body>", b"<p>padding</p>\r\n" * 6000 + b"</body>")


BREAKING: dict[str, Callable[[bytes], bytes]] = {
    "size": big,
    "head": swap(b"<!DOCTYPE html>", b""),
    "dark": swap(b"prefers-color-scheme", b"prefers-color"),
    "outlook": swap(b"<!--[if mso]><table", b"<table"),
    "style blocks": swap(b":root{", b"/*" + b" padding\r\n" * 2000 + b"*/:root{"),
    "tables": swap(b'role=3D"presentation"', b""),
    "pictures": swap(b"alt=3D", b"data-alt=3D"),
    "elements": swap(b"</body>", b"<form></form></body>"),
    "one h1": swap(b"</body>", b"<h1>again</h1></body>"),
    "preheader": swap(b"display:none", b"display:block"),
    "links": swap(b"</body>", b'<a href=3D"#">x</a></body>'),
    "https": swap(b"https://images", b"http://images"),
    "way out": swap(b"/unsubscribe/", b"/elsewhere/"),
    "web edition": swap(b"/archive/", b"/elsewhere/"),
    "characters": swap(b"</body>", b"=C2=92</body>"),
    "subject": lambda mail: re.sub(rb"Subject: [^\r]+", b"Subject: " + b"long " * 20, mail),
    "one click": swap(b"List-Unsubscribe-Post", b"X-Post"),
    "parts": swap(b"</body>", b"<p>more and more</p>\r\n" * 700 + b"</body>"),
    "link text": swap(b">Preferences<", b">click here<"),
    "type size": swap(b"font-size:17px", b"font-size:11px"),
    "width": swap(b'width=3D"560"', b'width=3D"1120"'),
    "contrast": swap(b"color:#1a1a1a", b"color:#999999"),
    "placeholders": swap(b"</body>", b"{{name}}</body>"),
    "alternatives": swap(b"text/plain", b"text/html"),
    "columns": swap(b"It went to=20", b"x" * 70 + b"=\r\n" + b"y" * 40 + b"=20"),
}


def test_every_rule_has_a_mail_that_breaks_it() -> None:
    assert set(BREAKING) == {rule.name for rule in RULES}


@pytest.mark.parametrize("name", BREAKING)
def test_a_broken_rule_is_named(name: str) -> None:
    assert name in {rule.name for rule in broken(Dissected(BREAKING[name](sent())))}


@pytest.mark.parametrize(
    "odd",
    [
        b'<td width=3D"20em">x</td>',
        b'<td width=3D"wide">x</td>',
        b'<p style=3D"width:calc(100% - 2px">x</p>',
        b'<p style=3D"font-size:.px">x</p>',
        b'<p style=3D"width:100%;font-size:1.5em">x</p>',
    ],
)
def test_a_size_that_is_no_number_of_pixels_is_no_fault(odd: bytes) -> None:
    names = {rule.name for rule in broken(Dissected(swap(b"</body>", odd + b"</body>")(sent())))}
    assert not names & {"type size", "width"}


@pytest.mark.parametrize("wide", [b'width=3D"1120px"', b'style=3D"width:700.5PX"'])
def test_a_width_is_one_however_it_is_written(wide: bytes) -> None:
    mail = swap(b"</body>", b"<p " + wide + b">x</p></body>")(sent())
    assert "width" in {rule.name for rule in broken(Dissected(mail))}
