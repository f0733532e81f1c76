from __future__ import annotations

import pytest

from digest.collect.identity import canonical, identity

PAGE = "https://www.example.com/world/2026/03/ferry"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/world/2026/03/ferry",
        "https://WWW.Example.com/world/2026/03/ferry/",
        "https://www.example.com:443/world/2026/03/ferry",
        "https://m.example.com/world/2026/03/ferry",
        "https://mobile.example.com/world/2026/03/ferry",
        "https://amp.example.com/world/2026/03/ferry",
        "https://www.example.com/amp/world/2026/03/ferry",
        "https://www.example.com/world/2026/03/ferry/amp",
        "https://www.example.com/world/2026/03/ferry/amp/",
        "https://www.example.com/world/2026/03/ferry?amp",
        "https://www.example.com/world/2026/03/ferry?output=amp",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/world/2026/03/ferry",
        "https://www.google.com/amp/s/www.example.com/world/2026/03/ferry",
        "https://www.example.com/world/2026/03/ferry?utm_source=rss&utm_medium=feed",
        "https://www.example.com/world/2026/03/ferry?fbclid=abc#comments",
        "https://www.example.com/world/2026/03/ferry/index.html",
        "https://www.example.com/world/2026/03/f%65rry",
    ],
)
def test_other_forms_of_one_page_have_one_name(address: str) -> None:
    assert canonical(address) == canonical(PAGE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/b"),
        ("https://example.com/story?id=1", "https://example.com/story?id=2"),
        ("https://example.com/story?cid=1", "https://example.com/story?cid=2"),
        ("https://example.com/?p=1", "https://example.com/"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://news.example.com/a", "https://sport.example.com/a"),
        ("https://m.com/a", "https://www.com/a"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("https://example.com/camp", "https://example.com/c"),
        ("https://example.com/#!/a", "https://example.com/#!/b"),
    ],
)
def test_different_pages_have_different_names(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_parameters_in_another_order_are_the_same_page() -> None:
    assert canonical("https://example.com/?b=2&a=1") == canonical("https://example.com/?a=1&b=2")


@pytest.mark.parametrize("address", ["", "mailto:x@example.com", "https://[::1", "no address"])
def test_what_is_no_address_is_its_own_name(address: str) -> None:
    assert canonical(address) == address


def test_a_story_is_known_by_guid_then_address_then_headline() -> None:
    assert identity(" g1 ", PAGE, "T") == "g1"
    assert identity("", PAGE, "T") == "example.com/world/2026/03/ferry"
    assert identity("", "", "T") == "T"


def test_a_long_guid_is_kept_short_and_distinct() -> None:
    one, other = identity("x" * 5000, ""), identity("x" * 5001, "")
    assert one != other
    assert len(one) < 100
