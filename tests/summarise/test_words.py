from __future__ import annotations

import pytest

from digest.summarise import words
from digest.summarise.choose import weights
from digest.summarise.metadata import Metadata
from digest.summarise.page import blocks_of, parse
from digest.summarise.scene import Scene
from digest.summarise.signs import signs
from tests.summarise.newsroom import article


@pytest.mark.parametrize("table", sorted(words.tables()))
def test_every_table_is_of_words_in_lists(table: str) -> None:
    for name, listed in words.tables()[table].items():
        assert name
        assert listed
        assert all(isinstance(entry, str) and entry.strip() == entry != "" for entry in listed)


def test_every_language_has_twelve_months_and_none_of_two_numbers() -> None:
    months: dict[str, set[int]] = {}
    for names in words.tables()["month"].values():
        assert len(names) == 12
        for number, name in enumerate(names):
            for form in name.split("|"):
                months.setdefault(form, set()).add(number)
    assert [form for form, numbers in months.items() if len(numbers) > 1] == []


@pytest.mark.parametrize("table", ["furniture", "note", "byline", "credit", "label", "tail", "wall"])
def test_every_entry_matches_itself(table: str) -> None:
    for entry in words.entries(table):
        text = entry.rstrip("*")
        assert words.anywhere(table).search(text), entry
        assert words.phrases(table).count(text), entry


def test_stem_stands_for_all_words_that_begin_so() -> None:
    assert words.phrases("furniture").count("Abonnieren") == 1


def test_phrase_is_matched_at_word_borders() -> None:
    assert words.phrases("furniture").count("The shareholders commented") == 0


def test_every_sign_of_a_page_is_weighed_or_too_light_to_be_listed() -> None:
    tree = parse(article('<p class="standfirst"><b>By Ruth Calder</b></p>'))
    assert tree is not None
    scene = Scene(blocks_of(tree), Metadata())
    shown = {name for block in scene.blocks for name in signs(scene, block)}
    assert len(shown & weights("page").keys()) > 0.7 * len(shown)
