import quopri
import re
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from lxml.html import document_fromstring

from digest.errors import ConfigError, TemplateError
from digest.model import Edition, Item, Look, Role
from digest.render.edition import render, subject
from digest.render.slots import pattern
from digest.render.splice import Splicer
from digest.resources import resource
from tests.render.editions import (
    EDITIONS,
    LETTER,
    LOOK,
    PICTURE,
    PREFERENCES,
    UNSUBSCRIBE,
    edition,
    newsletter,
    story,
)


def own_templates(folder: Path) -> Path:
    return copytree(resource("templates"), folder / "templates", ignore=lambda *_: ["web"])


def test_the_same_edition_gives_the_same_bytes() -> None:
    assert render(EDITIONS["sample"](), LOOK) == render(EDITIONS["sample"](), LOOK)


def test_a_preview_without_a_number_gives_the_same_bytes_as_the_stored_edition() -> None:
    assert render(edition(id=0), LOOK) == render(edition(id=7), LOOK)


def test_every_block_is_a_segment_between_opening_and_closing() -> None:
    items = edition(picks=1, sections=("Town",), told=1, also=1).items
    segments = render(edition(items=items), LOOK).segments
    assert [segment.story for segment in segments] == [None, 1, None, 2, 3, None, 4, None, 5, None]
    assert [segment.section for segment in segments] == [
        "",
        "",
        "",
        "",
        "",
        "Town",
        "Town",
        "Town",
        "Town",
        "",
    ]
    assert segments[5].heads == (4, 5)


def test_segments_are_whole_lines_of_printable_ascii() -> None:
    for segment in render(EDITIONS["nasty headlines"](), LOOK).segments:
        for part in (segment.html, segment.text):
            assert re.fullmatch(rb"(?:[ -~]{0,76}\r\n)+", part)
            assert not re.search(rb"^(?:\.|From )", part, re.MULTILINE)


def test_slots_stand_alone_between_soft_line_breaks() -> None:
    rendering = render(edition(), LOOK)
    slot = re.compile(pattern(rendering.mark).pattern.encode())
    lines = [line for part in rendering.segments for line in (part.html + part.text).split(b"\r\n")]
    slotted = [line for line in lines if slot.search(line)]
    assert slotted
    assert all(slot.fullmatch(line.removesuffix(b"=")) for line in slotted)


def test_text_that_looks_like_a_slot_or_a_template_stays_as_written() -> None:
    tricks = "@@to@@ {{7*7}} {% raw %} ${7*7} %(address)s {0.__class__}"
    rendering = render(edition(headlines=(tricks,)), LOOK)
    assert rendering.segments[1].headline == tricks
    assert tricks.encode() in rendering.segments[1].text.replace(b"=\r\n", b"")
    raw = Splicer(rendering).mail(LETTER, UNSUBSCRIBE, PREFERENCES)
    html = quopri.decodestring(raw).decode().partition("<html")[2]
    assert document_fromstring(f"<html{html}").text_content().count(tricks) >= 3
    assert not re.search(r"\{[{%]", html)  # nor would a relay's own templates fill it in


def test_links_carry_the_readers_slots() -> None:
    rendering = render(edition(), LOOK)
    closing = rendering.segments[-1].html.replace(b"=\r\n", b"").decode()
    for name in ("unsubscribe", "preferences"):
        assert f"https://news.example.org/{name}/{rendering.mark}{name}{rendering.mark}" in closing


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("Weir to be rebuilt", "Weir to be rebuilt"),
        ("Re: FWD: Weir", "Weir"),
        ("Weir\r\nBcc: x@example.com", "Weir Bcc: x@example.com"),
        ("word " * 40, "word " * 12 + "word…"),
        ("", "Aldermoor Morning"),
    ],
)
def test_subjects_are_one_short_honest_line(given: str, sent: str) -> None:
    assert subject(edition(subject=given)) == sent


@pytest.mark.parametrize(
    ("locale", "lang", "direction"), [("", "en-GB", "ltr"), ("ar", "ar", "rtl"), ("ga", "ga", "ltr")]
)
def test_the_frame_is_in_the_readers_language(locale: str, lang: str, direction: str) -> None:
    rendering = render(edition(), LOOK, locale)
    assert rendering.locale == lang
    assert f'<html lang=3D"{lang}" dir=3D"{direction}">'.encode() in rendering.segments[0].html


def test_an_operators_colours_fonts_logo_and_labels_need_no_template() -> None:
    look = replace(
        LOOK,
        accent="#a01818",
        paper="#fffaf0",
        ground="#e8e0d0",
        serif="Palatino, serif",
        logo="https://images.example.org/logo.png",
        labels=(("Editors’ choice", "The editor's picks"),),
    )
    html = b"".join(segment.html for segment in render(edition(), look).segments).replace(b"=\r\n", b"")
    for wanted in (
        b"#a01818",
        b"#fffaf0",
        b"#e8e0d0",
        b"Palatino, serif",
        b"https://images.example.org/logo.png",
        b"The editor's picks",
    ):
        assert wanted in html


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="'red'"):
        render(edition(), Look(accent="red"))


def test_an_operators_template_goes_before_ours_and_is_read_again_each_time(tmp_path: Path) -> None:
    folder = own_templates(tmp_path)
    stories, look = folder / "email/stories.html", replace(LOOK, templates=str(folder))
    original = stories.read_text()
    for wanted in (b"first-edit", b"second-edit"):
        stories.write_text(original.replace('class="section"', f'class="section" title="{wanted.decode()}"'))
        html = b"".join(segment.html for segment in render(edition(sections=("Town",)), look).segments)
        assert wanted in html.replace(b"=\r\n", b"")


@pytest.mark.parametrize(
    ("name", "old", "said"),
    [
        (
            "edition.html",
            "{{ cut }}\n{% for",
            r"edition\.html: \{\{ cut \}\} stands \d+ times instead of \d+",
        ),
        ("edition.txt", "{{ cut }}\n{% for", r"edition\.txt: \{\{ cut \}\} stands \d+ times instead of \d+"),
    ],
)
def test_a_template_that_loses_a_cut_is_refused(tmp_path: Path, name: str, old: str, said: str) -> None:
    folder = own_templates(tmp_path)
    template = folder / "email" / name
    template.write_text(template.read_text().replace(old, "{% for"))
    with pytest.raises(TemplateError, match=said):
        render(edition(), replace(LOOK, templates=str(folder)))


def test_a_welcome_greets_above_the_news() -> None:
    rendering = render(edition(), LOOK, welcome=True)
    assert rendering.phrases["subject"] == ("Welcome to Aldermoor Morning",)
    assert b"You are on the list." in rendering.segments[0].text


def test_a_correction_stands_on_top() -> None:
    opening = render(edition(correction="The weir is 90 years old, not 190."), LOOK).segments[0]
    assert b"Correction: The weir is 90 years old" in opening.text
    assert b"The weir is 90 years old" in opening.html.replace(b"=\r\n", b"")


def test_a_story_without_lead_link_or_picture_still_stands() -> None:
    bare = edition(
        items=tuple(replace(item, story=story(item.story.id, "Bare", "", url="")) for item in edition().items)
    )
    html = b"".join(segment.html for segment in render(bare, LOOK).segments)
    assert html.count(b">Bare<") == len(bare.items)


ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</title></style></td></table><h1>broken out</h1>",
    "<!-- comment --><![if !mso]>",
    '" onmouseover="alert(1)" x="',
    "' onmouseover='alert(1)' x='",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext></mtext><mglyph><style></math><img src onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<style>@import url(https://evil.example/a.css)</style>",
    "{{ ''.__class__ }}{% include 'x' %}",
)


def skeleton(made: Edition) -> list[tuple[str, tuple[str, ...]]]:
    """Every element of the mail with the names of its attributes: what a text must not be able to change."""
    raw = b"".join(segment.html for segment in render(made, LOOK).segments)
    page = document_fromstring(quopri.decodestring(raw).decode())
    return [(element.tag, tuple(element.keys())) for element in page.iter() if isinstance(element.tag, str)]


def hostile(attack: str) -> Edition:
    """An edition in which every text that comes from outside is the attack."""
    picture = replace(PICTURE, alt=attack, caption=attack, credit=attack)
    texts = dict.fromkeys(("title", "lead", "byline", "agency", "section"), attack)

    def attacked(item: Item) -> Item:
        promoted = attack if item.role is Role.PROMOTED else ""
        shown = picture if item.role is Role.LEAD else None
        number = item.story.id
        return Item(
            story(number, **texts, promoted=promoted, picture=shown, also_by=(attack,)),
            item.role,
            item.section,
        )

    items = tuple(map(attacked, edition().items))
    return edition(
        items=items, subject=attack, preheader=attack, correction=attack, newsletter=newsletter(title=attack)
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_markup(attack: str) -> None:
    assert skeleton(hostile(attack)) == skeleton(hostile("harmless"))
