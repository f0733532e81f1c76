"""A tree becomes blocks as a reader sees lines."""

from __future__ import annotations

import pytest

from digest.summarise.blocks import Block
from digest.summarise.page import blocks_of, parse


def blocks(content: str) -> list[Block]:
    tree = parse(content)
    assert tree is not None
    return blocks_of(tree)


def texts(content: str) -> list[str]:
    return [block.text for block in blocks(content)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<p>One <b>bold</b> and <a>link</a></p>", ["One bold and link"]),
        ("<div>One<p>Two</p>Three</div>", ["One", "Two", "Three"]),
        ("One<br><br>Two", ["One", "Two"]),
        ("One<br>more", ["One more"]),
        ("One is whole.<br>Two", ["One is whole.", "Two"]),
        ("<b>Title</b><br>Text", ["Title", "Text"]),
        ("<ul><li>One</li><li>Two</li></ul>", ["One", "Two"]),
        ("<a href='/'><div>One</div><div>Two</div></a>", ["One", "Two"]),
        ("<p>One<script>two</script> three<!-- four --></p>", ["One three"]),
        ("<p hidden>One</p><p style='display:none'>Two</p><p class='x sr-only'>Three</p>Four", ["Four"]),
        ("<body class='modal'><p>One</p></body>", ["One"]),
        ("<table><tr><td>One</td><td>Two</td></tr></table>", ["One", "Two"]),
        ("<span>W</span><p>hen it rains</p>", ["When it rains"]),
        ("", []),
    ],
)
def test_blocks(content: str, expected: list[str]) -> None:
    assert texts(f"<html>{content}</html>") == expected


def test_block_knows_its_place() -> None:
    block = blocks(
        '<article id="story"><figure><figcaption class="note">A <a>link</a></figcaption></figure></article>'
    )[0]
    assert (block.tag, block.marks, block.around.split()) == ("figcaption", "note", ["story", "note"])
    assert {"article", "figure", "figcaption"} <= block.inside
    assert block.linked == len("link")


def test_kinship_falls_with_distance() -> None:
    one, two, three = blocks("<div><p>One</p><p>Two</p></div><section><div><p>Three</p></div></section>")
    assert one.kinship(two) == 1.0
    assert one.kinship(three) < one.kinship(two)
    assert one.looks_like(two)


@pytest.mark.parametrize("content", ["", "   ", "\x00", "<!-- -->", "<?xml version='1.0'?>"])
def test_nothing_is_read_from(content: str) -> None:
    tree = parse(content)
    assert tree is None or blocks_of(tree) == []
