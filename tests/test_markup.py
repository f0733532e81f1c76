"""The check itself fails where it should."""

from __future__ import annotations

import pytest

from tests.markup import errors

WHOLE = "<!DOCTYPE html><html lang=en><head><title>A</title></head><body><p>{}</p></body></html>"


@pytest.mark.parametrize("wrong", ["<div>a</div>", "<b>a", "a</b>", "&nosuch;", '<a href="x"class="y">z</a>'])
def test_what_is_written_wrong_is_named(wrong: str) -> None:
    assert errors(WHOLE.format("a")) == []
    assert errors(WHOLE.format(wrong)) != []
    assert errors(WHOLE.format("a").removeprefix("<!DOCTYPE html>")) != []
