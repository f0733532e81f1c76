"""How commands show that they are at work: a bar at a terminal, lines elsewhere, nothing for cron."""

from __future__ import annotations

import sys

import pytest

from digest.cli import app
from digest.cli.console import on_terminal, one_line, progress, say


def worked(capsys: pytest.CaptureFixture[str]) -> str:
    with progress("sending") as bar:
        for done in range(0, 101, 5):
            bar(done, 100, "")
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


@pytest.fixture
def common(monkeypatch: pytest.MonkeyPatch) -> app.Common:
    options = app.Common()
    monkeypatch.setattr(app, "_common", options)
    return options


def test_elsewhere_than_at_a_terminal_each_tenth_is_a_line(
    common: app.Common, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = worked(capsys).splitlines()
    assert len(lines) == 11
    assert lines[0] == "sending 0 of 100"


def test_at_a_terminal_there_is_a_bar(
    common: app.Common, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "100/100" in worked(capsys)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in worked(capsys)


def test_no_progress_means_none_and_quiet_nothing_at_all(
    common: app.Common, capsys: pytest.CaptureFixture[str]
) -> None:
    common.no_progress = True
    assert worked(capsys) == ""
    common.no_progress, common.quiet = False, True
    say("about the work")
    assert worked(capsys) == ""


def test_a_pipe_is_no_terminal() -> None:
    assert not on_terminal()


def test_a_servers_long_words_are_shortened() -> None:
    assert one_line("a\n  b") == "a b"
    assert one_line("x" * 300, 10) == "x" * 9 + "…"
