"""Where events go: words at a terminal, JSON elsewhere, and no more of a reader than is needed."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from digest import logs


@pytest.fixture(autouse=True)
def root_logger() -> Iterator[None]:
    """As it was, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_elsewhere_than_at_a_terminal_each_event_is_one_json_object(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.for_service()
    logs.event("run.ended", accepted=3, halted="", seconds=0.5)
    logs.event("source.visited", wrong=True, source="wire", reason="gone\naway")
    first, second = told(capsys)
    assert {"event": "run.ended", "level": "info", "accepted": 3, "seconds": 0.5}.items() <= first.items()
    assert first["timestamp"].endswith("Z")
    assert "halted" not in first
    assert (second["level"], second["reason"]) == ("warning", "gone\naway")


def test_a_librarys_record_is_an_event_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.for_service()
    logging.getLogger("digest.deliver.run").warning("%s refuses", "the relay")
    [one] = told(capsys)
    assert (one["event"], one["logger"]) == ("the relay refuses", "digest.deliver.run")


def test_at_a_terminal_an_event_is_a_line_to_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    logs.for_service()
    logs.event("run.ended", accepted=3)
    line = capsys.readouterr().err
    assert "run.ended" in line
    assert "accepted=3" in line
    assert "\x1b" not in line


def test_quiet_leaves_only_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    logs.for_service(quiet=True)
    logs.event("run.ended", accepted=3)
    logs.event("run.ended", wrong=True, halted="the relay is away")
    assert [one["level"] for one in told(capsys)] == ["warning"]


def test_addresses_are_shortened_unless_a_fault_is_looked_for(capsys: pytest.CaptureFixture[str]) -> None:
    for debug in (False, True):
        logs.for_service(debug=debug)
        logs.event("returned", address="Ada.Lovelace+news@mail.example.com")
        try:
            raise ValueError("no room for bob@example.com")
        except ValueError:
            logging.getLogger("digest").exception("it failed")
    short, fault, full, _ = told(capsys)
    assert short["address"] == "A…@mail.example.com"
    assert "b…@example.com" in fault["exception"]
    assert full["address"] == "Ada.Lovelace+news@mail.example.com"


def test_a_traceback_shows_no_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    logs.for_service(debug=True)
    password = "quay street"  # what it would show
    try:
        password.index("x")
    except ValueError:
        logging.getLogger("digest").exception("it failed")
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert password not in said


def test_a_tick_that_is_left_out_by_design_is_no_event(capsys: pytest.CaptureFixture[str]) -> None:
    logs.for_service(quiet=True)
    logging.getLogger("apscheduler.scheduler").warning("maximum number of running instances reached")
    assert told(capsys) == []


def test_what_nobody_foresaw_is_an_event_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    logs.for_service()
    logs.event("job.failed", fault=ValueError("a bad hour"), job="issue")
    [one] = told(capsys)
    assert (one["event"], one["level"], one["job"]) == ("job.failed", "error", "issue")
    assert "a bad hour" in one["exception"]
