from __future__ import annotations

import pytest

from digest.summarise.pictures import split_credit
from tests.summarise.newsroom import BODY, article, of_page, page, paragraphs


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("The bridge at dawn (AP)", "The bridge at dawn", "AP"),
        ("The bridge at dawn. (Photo: Jane Doe)", "The bridge at dawn.", "Jane Doe"),
        ("The bridge at dawn. (AP Photo/Jane Doe, File)", "The bridge at dawn.", "AP Photo/Jane Doe, File"),
        ("The bridge at dawn © Jane Doe", "The bridge at dawn", "Jane Doe"),
        ("The bridge at dawn. Photo: Jane Doe", "The bridge at dawn.", "Jane Doe"),
        ("Foto: Anna Berg", "", "Anna Berg"),
        ("The bridge (left) at dawn", "The bridge (left) at dawn", ""),
        ("The bridge (at high water)", "The bridge (at high water)", ""),
        ("Photo by Jane Doe/Getty Images", "", "Jane Doe/Getty Images"),
        (
            "Image: The council has decided to close the bridge for a year",
            "The council has decided to close the bridge for a year",
            "",
        ),
        ("", "", ""),
    ],
)
def test_credit_is_no_part_of_the_caption(text: str, caption: str, credit: str) -> None:
    assert split_credit(text) == (caption, credit)


def test_picture_has_the_page_s_image_and_the_caption_near_the_lead() -> None:
    head = '<meta property="og:image" content="/bridge.jpg">'
    figure = "<figure><figcaption>Low water on the quay (AP)</figcaption></figure>"
    content = f"<h1>Swing bridge to close</h1>{figure}{paragraphs(*BODY)}"
    picture = of_page(page(content, head=head), url="https://example.com/news/1").picture
    assert picture is not None
    assert (picture.url, picture.caption, picture.credit) == (
        "https://example.com/bridge.jpg",
        "Low water on the quay",
        "AP",
    )


def test_page_without_image_or_caption_has_no_picture() -> None:
    assert of_page(article()).picture is None
