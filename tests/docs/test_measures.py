"""What docs/craft.md says of this code stays true."""

from __future__ import annotations

import pytest

from tests.docs.measures import Measures, measured


@pytest.fixture(scope="module")
def code() -> Measures:
    return measured("digest")


@pytest.fixture(scope="module")
def tests() -> Measures:
    return measured("tests")


def test_functions_fit_in_a_glance(code: Measures) -> None:
    assert code.median_function <= 8
    assert code.long_function <= 20
    assert len(code.longer_than(40)) <= len(code.functions) / 200


def test_files_are_short(code: Measures) -> None:
    assert code.median_file <= 120
    assert {name for name, lines in code.files.items() if lines > 310 and "/versions/" not in name} == set()


def test_every_function_has_its_types(code: Measures, tests: Measures) -> None:
    assert code.untyped + tests.untyped == []


def test_every_ignore_has_its_reason_beside_it(code: Measures, tests: Measures) -> None:
    assert code.without_reason + tests.without_reason == []
    assert len(code.ignores) > 10, "they are still recognised"


def test_most_of_what_others_may_use_is_explained(code: Measures) -> None:
    assert code.explained >= 0.75
