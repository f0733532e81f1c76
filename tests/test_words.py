"""Words for people."""

from __future__ import annotations

from digest.words import counted


def test_one_is_one_and_all_else_is_many() -> None:
    told = [counted(number, "story", "stories") for number in (0, 1, 2, 1200)]
    assert told == ["0 stories", "1 story", "2 stories", "1,200 stories"]
