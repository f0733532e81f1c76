"""A form's stamp tells how old the form is, and nobody else can make one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.tokens import Purpose
from digest.web.stamps import age, stamp
from tests.builders import NOON, TOKENS


def test_it_tells_its_age_to_the_millisecond() -> None:
    given = stamp(TOKENS, NOON)
    assert age(TOKENS, given, NOON + timedelta(seconds=0.2)) == timedelta(seconds=0.2)


def test_no_two_are_the_same() -> None:
    assert len({stamp(TOKENS, NOON) for _ in range(100)}) == 100


@pytest.mark.parametrize("value", ["", "x", "A" * 43, TOKENS.sign(Purpose.CONFIRM, bytes(16))])
def test_nothing_else_passes_for_one(value: str) -> None:
    assert age(TOKENS, value, NOON) is None
