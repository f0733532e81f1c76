import re
from dataclasses import replace

import pytest

from digest.model import Item, Picture, Role
from digest.render.catalogue import Wording
from digest.render.dissected import Dissected
from digest.render.edition import render
from digest.render.layout import Block, blocks, image
from digest.render.splice import Splicer
from tests.render.editions import (
    LETTER,
    LOOK,
    PICTURE,
    PREFERENCES,
    SPONSOR,
    UNSUBSCRIBE,
    edition,
    newsletter,
    story,
)

ENGLISH = Wording("en-GB")


def laid_out(*items: Item) -> tuple[Block, ...]:
    return blocks(edition(items=items), ENGLISH, LOOK)


def test_an_edition_reads_lead_picks_promoted_then_sections() -> None:
    made = edition(picks=2, sections=("Town",), told=2, also=1)
    assert [block.kind for block in blocks(made, ENGLISH, LOOK)] == [
        "lead",
        "head",
        "pick",
        "pick",
        "promoted",
        "head",
        "story",
        "story",
        "also_head",
        "also",
    ]


def test_headings_know_their_stories() -> None:
    parts = blocks(edition(picks=2, sections=("Town",), told=2, also=1), ENGLISH, LOOK)
    heads = {block.title: block.heads for block in parts if block.heads}
    assert heads == {"Editors’ choice": (2, 3), "Town": (5, 6, 7), "Also in Town": (7,)}


def test_a_promoted_link_between_does_not_open_a_section_twice() -> None:
    parts = laid_out(
        Item(story(1), Role.SECTION, "Town"),
        Item(story(2, promoted=SPONSOR), Role.PROMOTED),
        Item(story(3), Role.SECTION, "Town"),
    )
    assert [block.kind for block in parts] == ["head", "story", "promoted", "story"]


def test_stories_without_a_section_stand_under_more_news() -> None:
    assert laid_out(Item(story(1), Role.SECTION))[0].title == "More news"


@pytest.mark.parametrize(
    ("item", "kicker"),
    [
        (Item(story(1, section="World"), Role.PICK), "World"),
        (Item(story(1, section="World", updated=True), Role.PICK), "Updated · World"),
        (Item(story(1, section="World"), Role.SECTION, "World"), ""),
        (Item(story(1, section="Opinion"), Role.SECTION, "World"), "Opinion"),
        (Item(story(1, section="Opinion"), Role.SECTION, "Opinion"), ""),
        (Item(story(1, promoted=SPONSOR), Role.PROMOTED), SPONSOR),
        (Item(story(1), Role.PROMOTED), "Advertisement"),
    ],
)
def test_the_kicker_says_what_no_heading_says(item: Item, kicker: str) -> None:
    assert laid_out(item)[-1].kicker == kicker


def test_a_story_in_another_language_says_so() -> None:
    told = laid_out(
        Item(story(1, language="ar"), Role.SECTION, "World"),
        Item(story(2, language="fr"), Role.ALSO, "World"),
    )
    assert [(block.lang, block.dir) for block in told if block.story] == [("ar", "rtl"), ("fr", "")]


def test_credits_name_writer_agency_and_others() -> None:
    (told,) = laid_out(Item(story(1, byline="R. Alder", agency="Wire", also_by=("Post", "Echo")), Role.LEAD))
    assert (told.credit, told.also_by) == ("R. Alder · Wire", "Also reported by Post, Echo")


def test_only_headlines_told_in_full_can_be_greeted_with() -> None:
    parts = blocks(edition(picks=1, sections=("Town",), told=1, also=1), ENGLISH, LOOK)
    assert [block.kind for block in parts if block.headline] == ["lead", "pick", "story"]


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        (PICTURE, (560, 315)),
        (replace(PICTURE, width=0, height=0), (560, 0)),
        (replace(PICTURE, width=300, height=200), (300, 200)),
    ],
)
def test_pictures_fit_the_column(picture: Picture, size: tuple[int, int]) -> None:
    shown = image(picture, LOOK)
    assert shown is not None
    assert (shown.width, shown.height) == size


@pytest.mark.parametrize(
    "url", ["https://example.org/a.webp", "https://example.org/a.SVG?x=1", "data:image/png;base64,x", ""]
)
def test_pictures_that_mail_cannot_show_are_left_out(url: str) -> None:
    assert image(replace(PICTURE, url=url), LOOK) is None


def test_a_picture_without_a_description_is_described_by_its_caption() -> None:
    shown = image(replace(PICTURE, alt=""), LOOK)
    assert shown is not None
    assert shown.alt == PICTURE.caption


@pytest.mark.parametrize(
    ("images", "theirs", "ours"),
    [("link", True, True), ("host", False, True), ("none", False, False)],
)
def test_whose_pictures_are_shown_is_the_operators_choice(images: str, theirs: bool, ours: bool) -> None:
    look = replace(LOOK, images=images)
    assert (image(PICTURE, look) is not None) is theirs
    shown = image(replace(PICTURE, url="/pictures/0123.jpg"), look)
    assert (shown.url if shown else "") == (f"{LOOK.url}/pictures/0123.jpg" if ours else "")


def test_every_storys_link_carries_the_publishers_parameters() -> None:
    params = (("utm_source", "digest"), ("utm_campaign", "{newsletter}-{date}"))
    of = replace(newsletter(), link_params=params)
    parts = blocks(replace(edition(picks=1, also=1), newsletter=of), ENGLISH, LOOK)
    links = [block.url for block in parts if block.url]
    assert len(links) > 3
    assert all(url.endswith("?utm_source=digest&utm_campaign=morning-2026-05-19") for url in links)


def test_no_other_link_of_a_mail_carries_them() -> None:
    of = replace(newsletter(), link_params=(("utm_source", "digest"),))
    splicer = Splicer(render(replace(edition(), newsletter=of), LOOK))
    mail = Dissected(splicer.mail(LETTER, UNSUBSCRIBE, PREFERENCES))
    links = re.findall(r'href="([^"]+)"', mail.html)
    ours = [url for url in links if re.search("/(unsubscribe|preferences|archive)", url)]
    assert len(ours) > 3
    assert not any("utm_" in url for url in ours)
    assert sum("utm_source=digest" in url for url in links) == mail.text.count("utm_source=digest") > 3
