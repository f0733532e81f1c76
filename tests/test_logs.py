"""Where log records go."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.process import configure, run


def test_a_command_says_a_fault_once(tmp_path: Path) -> None:
    configure(tmp_path, 9)
    run(tmp_path, "subscribe", "ada@example.com")
    done = run(tmp_path, "run", "--once")
    assert done.stderr.count("Connection refused") == 1, done.stderr
