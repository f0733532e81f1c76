"""premailer's traps, each as it would return: a lost doctype, stripped rules, changed widths, the network."""

import re
import socket

import pytest

from digest.errors import TemplateError
from digest.render.edition import render
from digest.render.inline import inline
from digest.render.splice import Splicer
from tests.render.editions import LETTER, LOOK, PREFERENCES, UNSUBSCRIBE, edition

SLOTS = re.compile("@@slot@@")
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>t</title><style>
.a {{ color: #111111; width: 100%; height: auto }}
{style}
</style><style data-premailer="ignore">
@media (max-width:480px){{ .a{{color:#222222 !important}} }}
[data-ogsc] .a{{color:#333333 !important}}
</style>{head}</head>
<body><!--[if mso]><table width="600"><tr><td><![endif]-->
<img class="a" src="https://example.org/a.png" width="560">
<a class="a" href="https://example.org/@@slot@@">@@slot@@</a>{body}
<!--[if mso]></td></tr></table><![endif]--></body></html>
"""


def page(style: str = "", head: str = "", body: str = "") -> str:
    return PAGE.format(style=style, head=head, body=body)


def test_everything_survives_inlining(capfd: pytest.CaptureFixture[str]) -> None:
    out = inline(page(style=".b { mso-hide: all; -x-unknown: 1 }"), SLOTS)
    assert out.startswith("<!DOCTYPE html>")
    assert out.count("@media") == 1
    assert out.count("!important") == 2
    assert 'width="560"' in out
    assert 'height="auto"' not in out
    assert "[data-ogsc] .a" in out
    assert out.count("<!--[if mso]>") == 2
    assert out.count("@@slot@@") == 2
    assert 'href="https://example.org/@@slot@@"' in out
    assert 'style="color:#111; width:100%; height:auto"' in out
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (page().replace("<!DOCTYPE html>", "<!doctype html>"), "doctype"),
        ("<!-- first -->" + page(), "doctype"),
        (page(style=".a { color: #444444 !important }"), "!important"),
        (
            page(style="@media print { .a { color: #444444 } @media screen { .a { color: #555555 } } }"),
            "inlined",
        ),
        (page(style="@supports (color: red) { @media print { .a { color: #444444 } } }"), "@media"),
        ("", "gives no HTML"),
    ],
)
def test_what_would_be_lost_is_refused_by_name(html: str, said: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(said)):
        inline(html, SLOTS)


def test_a_slot_that_does_not_survive_is_refused() -> None:
    with pytest.raises(TemplateError, match="slot"):
        inline(page(body='<a href="https://example.org/é @@é@@">x</a>'), re.compile("@@é@@"))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the rendering opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize(
    "html",
    [
        page(style="@import url(http://127.0.0.1:9/a.css);"),
        page(style='@IMPORT "http://127.0.0.1:9/a.css";'),
        page(head='<link rel="stylesheet" href="http://127.0.0.1:9/a.css">'),
    ],
)
def test_style_sheets_elsewhere_are_refused_before_anything_is_fetched(html: str, no_network: None) -> None:
    with pytest.raises(TemplateError, match="put the style sheet into the template itself"):
        inline(html)


def test_rendering_an_edition_touches_no_network_and_says_nothing(
    no_network: None, capfd: pytest.CaptureFixture[str]
) -> None:
    Splicer(render(edition(), LOOK)).mail(LETTER, UNSUBSCRIBE, PREFERENCES)
    assert capfd.readouterr() == ("", "")


def test_a_headline_about_styles_is_only_a_headline() -> None:
    words = "@import @media !important  width=\"1\" height='2' <!--[if mso]> <link rel=stylesheet>"
    text = words.replace("<", "&lt;").replace('"', "&#34;")
    assert "&lt;!--[if mso]" in inline(page(body=f'<p title="{text}">{text}</p>'), SLOTS)
