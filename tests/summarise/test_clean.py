from __future__ import annotations

import pytest

from digest.summarise.clean import plain, trimmed, without_tags


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("&#8220;Yes,&#8221; she said", "“Yes,” she said"),
        ("a\u00a0 b\n\tc", "a b c"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("the “ Dancing ” show , it said .", "the “Dancing” show, it said."),
        ("« Oui », dit-il : non !", "« Oui », dit-il : non !"),
        ("R&D and AT&T", "R&D and AT&T"),
    ],
)
def test_plain(raw: str, text: str) -> None:
    assert plain(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Video: The bridge closes.", "The bridge closes."),
        ("BREAKING | The bridge closes.", "The bridge closes."),
        ("Watch the bridge close.", "Watch the bridge close."),
        ("The bridge closes. Read more", "The bridge closes."),
        ("The bridge closes. Continue reading...", "The bridge closes."),
        ("The bridge closes. Read more »", "The bridge closes."),
        ("Die Brücke schließt. Weiterlesen →", "Die Brücke schließt."),
        ("El puente cierra. Leer más", "El puente cierra."),
        ("The bridge closes. […]", "The bridge closes."),
        ("The bridge closes. [...]", "The bridge closes."),
        ("The bridge closes. The post Bridge appeared first on Harbour News.", "The bridge closes."),
        ("Le pont ferme. L’article Pont est apparu en premier sur Le Port.", "Le pont ferme."),
        ("The bridge closes. Work begins in …", "The bridge closes."),
        ("The bridge closes … for good", "The bridge closes … for good"),
        ("They want more", "They want more"),
        ("They want to read more.", "They want to read more."),
    ],
)
def test_labels_and_pointers_are_taken_off(raw: str, text: str) -> None:
    assert trimmed(raw) == text


def test_escaped_tags_are_no_text_and_comparisons_are() -> None:
    assert plain(without_tags("<b>Bold</b> if 3 < 4 <br/> done")) == "Bold if 3 < 4 done"
