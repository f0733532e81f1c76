"""The main job, as `make run` starts it: nothing set up, no terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.process import run

pytestmark = pytest.mark.journey


def test_the_demo_shows_a_digest_that_came_by_smtp_and_ends_by_itself(tmp_path: Path) -> None:
    done = run(tmp_path, "demo")
    assert done.returncode == 0, done.stderr
    for told in ("The Morning Tide", "reader@example.com", "Also in", "Advertisement", "digest init"):
        assert told in done.stdout
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
