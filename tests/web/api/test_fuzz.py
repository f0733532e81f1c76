"""A few hundred of the requests of `python -m tests.bench.api`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.api.fuzzing import MODES, fuzzed
from tests.web.site import copy_of

CALLS = 150


@pytest.mark.journey
@pytest.mark.parametrize("mode", MODES)
def test_whatever_is_asked_the_answer_is_no_server_error(prepared: Path, tmp_path: Path, mode: str) -> None:
    answers = fuzzed(copy_of(prepared, tmp_path), CALLS, [mode])
    assert sum(answers.values()) >= CALLS
    assert {status // 100 for _, status in answers} == {2, 4}
