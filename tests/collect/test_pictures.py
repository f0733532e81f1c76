from __future__ import annotations

import pytest

from digest.collect.pictures import choose, in_markup, offered, pixels, usable
from digest.model import Picture

BASE = "https://www.example.com/news/a"


@pytest.mark.parametrize(
    "picture",
    [
        Picture("https://example.com/pixel.gif"),
        Picture("https://example.com/t.gif", width=1, height=1),
        Picture("https://example.com/img/logo.png", width=600, height=400),
        Picture("https://example.com/site_logo-2.png"),
        Picture("https://example.com/avatar/ann.jpg"),
        Picture("https://example.com/chart.svg"),
        Picture("https://example.com/banner.jpg", width=1200, height=90),
        Picture("https://example.com/tower.jpg", width=300, height=1200),
        Picture("https://example.com/face.jpg", width=96, height=96),
        Picture(""),
    ],
    ids=lambda picture: picture.url,
)
def test_logos_pixels_and_odd_shapes_are_no_storys_picture(picture: Picture) -> None:
    assert not usable(picture)


@pytest.mark.parametrize("name", ["logos-in-the-wild", "icon-of-saint-anna", "share-prices-fall", "trackers"])
def test_a_picture_is_not_refused_for_half_its_name(name: str) -> None:
    assert usable(Picture(f"https://example.com/2026/{name}-at-dawn.jpg"))


def test_the_largest_is_chosen_and_the_first_of_equals() -> None:
    small = Picture("https://example.com/s.jpg", width=320, height=200)
    large = Picture("https://example.com/l.jpg", width=1120, height=700)
    larger = Picture("https://example.com/xl.jpg", width=4000, height=2500)
    assert choose([small, large, larger]) == large
    assert choose([small, Picture("https://example.com/unknown.jpg")]) == Picture(
        "https://example.com/unknown.jpg"
    )
    assert choose([]) is None


def test_pictures_are_found_in_an_entrys_html() -> None:
    markup = """<p><img class=x src='/a.jpg?w=1&amp;h=2' alt="A &quot;b&quot;" width=640 height="400px"></p>
        <img data-src=//cdn.example.com/b.jpg><img><IMG SRC="javascript:alert(1)">"""
    first, second, *rest = in_markup(markup, BASE)
    assert first == Picture("https://www.example.com/a.jpg?w=1&h=2", alt='A "b"', width=640, height=400)
    assert second.url == "https://cdn.example.com/b.jpg"
    assert [picture.url for picture in rest] == ["", ""]


def test_what_a_source_says_of_a_picture_is_cleaned() -> None:
    picture = offered(
        "/f.jpg", BASE, caption="<b>Ferry</b>\nat dawn", credit="Ann &amp; Bob", width="1,000", height=-3
    )
    assert picture == Picture("https://www.example.com/f.jpg", caption="Ferry at dawn", credit="Ann & Bob")


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ("640", 640),
        (" 640px ", 640),
        (640.0, 640),
        (640, 640),
        ("100%", 0),
        ("", 0),
        (None, 0),
        ("9999999", 0),
        ("٣", 0),
    ],
)
def test_sizes_as_they_are_written(given: object, size: int) -> None:
    assert pixels(given) == size
