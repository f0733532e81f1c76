from dataclasses import replace

from digest.model import Edition, Item, Look, Role
from digest.render.edition import render
from digest.render.report import SPECIMEN, Report, report
from tests.render.editions import EDITIONS, LOOK, PICTURE, SPONSOR, edition, story


def reported(made: Edition, look: Look = LOOK, choice: str = "") -> Report:
    return report(made, look, render(made, look), SPECIMEN._replace(choice=choice))


def test_a_good_edition_has_figures_and_no_warnings() -> None:
    told = reported(edition())
    assert told.warnings == ()
    assert (told.stories, told.images, told.minutes) == (9, 1, 2)
    assert told.links == 13 + 5  # a link a story, and those of the frame
    assert 10_000 < told.html_bytes < 20_000
    assert told.clip_bytes == 102 * 1024


def test_a_choice_is_reported_as_its_readers_get_it() -> None:
    assert reported(edition(), choice='["Town"]').stories == reported(edition()).stories - 2


def test_the_sample_is_small_enough() -> None:
    """24 stories and 24 links in 40 KiB is the aim; this is 21 and 20."""
    assert reported(EDITIONS["sample"]()).html_bytes < 40 * 1024


def test_what_is_missing_is_told_by_headline() -> None:
    items = (
        Item(story(1, "Lead", picture=replace(PICTURE, alt="", caption="")), Role.LEAD),
        Item(story(2, "No lead", ""), Role.PICK),
        Item(story(3, "No link", url="javascript:x"), Role.PICK),
    )
    told = reported(edition(items=items, subject="Morning"))
    assert told.leads_missing == ("No lead",)
    assert told.alts_missing == ("Lead",)
    assert told.warnings == (
        "1 story has no lead: “No lead”.",
        "1 story has a picture without a description: “Lead”.",
        "1 story has no usable link: “No link”.",
    )


def test_many_are_counted_and_three_are_named() -> None:
    items = tuple(Item(story(n, f"Story {n}", ""), Role.PICK) for n in range(5))
    assert (
        "5 stories have no lead: “Story 0”; “Story 1”; “Story 2” and 2 more."
        in reported(edition(items=items)).warnings
    )


def test_an_address_without_https_is_one_warning() -> None:
    warnings = reported(EDITIONS["sample"](), replace(LOOK, url="http://127.0.0.1:8000")).warnings
    assert len([said for said in warnings if "https" in said]) == 1


def test_warnings_are_plain_sentences() -> None:
    items = (
        Item(story(1, picture=replace(PICTURE, url="https://example.org/a.webp")), Role.LEAD),
        *(Item(story(n, lead="word " * 400, promoted=SPONSOR), Role.PROMOTED) for n in range(2, 5)),
        *(Item(story(n, lead="word " * 180), Role.PICK) for n in range(5, 14)),
    )
    warnings = " ".join(
        reported(edition(items=items), replace(LOOK, postal_address="", url="http://127.0.0.1:8000")).warnings
    )
    for said in (
        "a.webp is left out",
        "more than two promoted",
        "minutes to read",
        "postal address",
        "is http",
        "https address",
    ):
        assert said in warnings
