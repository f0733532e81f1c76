"""One mail in every way it is seen, on a page on which nothing runs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml.html import HtmlElement, document_fromstring

from digest.render.dissected import Dissected
from digest.render.edition import render
from digest.render.report import report
from digest.render.splice import Splicer
from digest.render.views import View, preview_page, views
from tests.render.editions import EDITIONS, LETTER, LOOK, PREFERENCES, UNSUBSCRIBE, edition


def sent(name: str = "sample") -> bytes:
    return Splicer(render(EDITIONS[name](), LOOK)).mail(LETTER, UNSUBSCRIBE, PREFERENCES)


@pytest.fixture(scope="module")
def seen() -> dict[str, View]:
    return {view.name: view for view in views(Dissected(sent()))}


@pytest.fixture(scope="module")
def page() -> HtmlElement:
    made = edition(promoted=False)
    rendering = render(made, LOOK)
    told = report(made, LOOK, rendering)
    told = replace(told, warnings=("One <b>thing</b>.",), rules={**told.rules, "dark": False})
    mail = Splicer(rendering).mail(LETTER, UNSUBSCRIBE, PREFERENCES)
    return document_fromstring(preview_page(mail, told))


def test_it_is_seen_on_a_phone_in_the_dark_without_pictures_on_a_desk_and_as_text(
    seen: dict[str, View],
) -> None:
    assert list(seen) == ["phone", "dark", "pictures-off", "desktop", "text"]
    assert {seen[name].width for name in ("phone", "dark", "pictures-off")} == {375}


def test_light_and_dark_do_not_depend_on_the_browser(seen: dict[str, View]) -> None:
    assert "prefers-color-scheme" not in seen["phone"].html + seen["dark"].html
    assert "@media (min-width:0){" in seen["dark"].html
    assert "@media (max-width:0){" in seen["phone"].html
    assert 'content="dark"' in seen["dark"].html
    assert 'content="light"' in seen["phone"].html


def test_without_pictures_their_descriptions_stay(seen: dict[str, View]) -> None:
    [picture] = document_fromstring(seen["pictures-off"].html).iter("img")
    assert (picture.get("src"), picture.get("alt")) == (
        "data:,",
        "Numbered stone blocks laid out in rows beside a river",
    )


def test_the_text_is_shown_as_it_is(seen: dict[str, View]) -> None:
    shown = document_fromstring(seen["text"].html).findtext("body/pre")
    assert (shown or "").splitlines() == Dissected(sent()).text.splitlines()


def test_the_page_frames_every_view_and_runs_nothing(page: HtmlElement) -> None:
    frames = list(page.iter("iframe"))
    assert len(frames) == 5
    assert all("allow-scripts" not in frame.attrib["sandbox"] for frame in frames)
    assert "Aldermoor Morning" in frames[0].attrib["srcdoc"]
    assert not list(page.iter("script"))
    loads = [value for value in page.xpath("//@src | //link/@href") if value]
    assert loads == []


def test_the_page_tells_the_report(page: HtmlElement) -> None:
    said = page.text_content()
    assert "One <b>thing</b>." in said
    assert re.search(r"Reading\s*\d+ words, \d+ min", said)
    assert [rule.text_content().split() for rule in page.find_class("broken")] == [["✗", "dark", "(broken)"]]
    assert len(page.find_class("kept")) == len(page.xpath("//ul[@class='rules']/li")) - 1
