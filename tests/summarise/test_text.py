"""Plain text of a page, in the shapes in which programs write it."""

from __future__ import annotations

from datetime import UTC, datetime

from digest.summarise.text import blocks_of
from tests.summarise.newsroom import BODY, DECK, HEADLINE, LEAD, of_text

TRIMMED = f"""Town Harbour Town

Saturday 3 April 2021

{HEADLINE}

The swing bridge at low water (AP)
The swing bridge at low water (AP)

{(chr(10) * 2).join(BODY)}

Press Association

Promoted Links

Get the day's stories by e-mail every evening.

Promoted Links

Editors Choice

Also in Harbour Town
"""


def test_text_of_a_page_gives_the_story_and_nothing_else() -> None:
    summary = of_text(TRIMMED)
    assert summary.lead == LEAD
    assert summary.title == HEADLINE
    assert summary.paragraphs == BODY
    assert summary.section == "Harbour Town"
    assert summary.agency == "Press Association"
    assert summary.published == datetime(2021, 4, 3, tzinfo=UTC)
    assert summary.picture is not None
    assert (summary.picture.caption, summary.picture.credit) == ("The swing bridge at low water", "AP")


def test_known_title_gives_the_same_story() -> None:
    assert of_text(TRIMMED, title=HEADLINE) == of_text(TRIMMED)


def test_lines_without_empty_lines_between() -> None:
    lines = ("Skip to main content", "News", "Town", "Sign In", HEADLINE, DECK, "Photograph: Jane Doe", *BODY)
    assert of_text("\n".join(lines), title=HEADLINE).lead == LEAD


def test_markdown_with_menus() -> None:
    menu = "\n".join(f"  * {name}" for name in ("Home", "News", "Sport", "Contact us"))
    text = (
        f"{menu}\n\n# {HEADLINE}\n\n## {DECK}\n\nBy **Ruth Calder**\n\n{(chr(10) * 2).join(BODY)}\n\n{menu}"
    )
    summary = of_text(text)
    assert (summary.lead, summary.title, summary.byline) == (LEAD, HEADLINE, "Ruth Calder")


def test_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "The harbour council voted on Monday to close the old swing bridge\n"
        "for a year of repairs, and asked the ferry company to sail twice\nas often."
    )
    assert [block.text for block in blocks_of(wrapped)] == [wrapped.replace("\n", " ")]


def test_short_lines_stay_apart() -> None:
    assert [block.text for block in blocks_of("By Ruth Calder\n3 April 2021\nTown")] == [
        "By Ruth Calder",
        "3 April 2021",
        "Town",
    ]


def test_marks_are_read_not_shown() -> None:
    [block] = blocks_of("* **Work** on [the bridge](https://example.com/bridge) will _begin_ soon\\.")
    assert (block.text, block.tag, block.linked) == (
        "Work on the bridge will begin soon.",
        "li",
        len("the bridge"),
    )


def test_rules_and_icons_are_nothing() -> None:
    assert blocks_of("* * *\n\n__\n\n----\n\n![logo](logo.png)") == []
