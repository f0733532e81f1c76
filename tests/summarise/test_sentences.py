from __future__ import annotations

import pytest

from digest.summarise.sentences import cut, split

TWO = "Mr. Smith of St. Mary's voted against it. The U.S. firm that built it did not reply."


def test_short_text_is_left_alone() -> None:
    assert cut(TWO, 200) == TWO


def test_long_text_ends_at_a_sentence_not_at_an_abbreviation() -> None:
    assert cut(TWO, 60, "en") == "Mr. Smith of St. Mary's voted against it."


def test_sentence_longer_than_asked_ends_at_a_word() -> None:
    assert cut(TWO, 30) == "Mr. Smith of St. Mary's voted…"


@pytest.mark.parametrize("limit", [0, 1])
def test_no_room_no_text(limit: int) -> None:
    assert cut(TWO, limit) == ""


def test_script_without_spaces_is_cut_between_characters() -> None:
    assert cut("港口委员会周一投票决定关闭旧桥", 8, "zh") == "港口委员会周一…"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Rat tagte am 3. Mai. Die Brücke schließt z. B. im Winter."),
        ("fr", "M. Dupont a voté. Le pont ferme."),
        ("zh", "委员会投票了。桥将关闭。"),
        ("ja", "評議会は決めた。橋は閉まる。"),
        ("sv", "Rådet röstade. Bron stängs."),
        ("pt-BR", "O conselho votou. A ponte fecha."),
        ("th", "สภาลงมติแล้ว"),
        ("", "The council voted. The bridge closes."),
    ],
)
def test_sentences_joined_are_the_text_again(language: str, text: str) -> None:
    assert "".join(split(text, language)) == text


@pytest.mark.parametrize(("language", "count"), [("sv", 2), ("de", 2), ("zh", 2)])
def test_sentences_are_counted_in(language: str, count: int) -> None:
    texts = {
        "sv": "Rådet röstade. Bron stängs.",
        "de": "Der Rat tagte am 3. Mai. Die Brücke schließt.",
        "zh": "委员会投票了。桥将关闭。",
    }
    assert len(split(texts[language], language)) == count
