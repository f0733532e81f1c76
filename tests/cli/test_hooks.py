"""Web hooks as an operator sets them up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Digest
from tests.steps.receiver import receiving


def configured(folder: Path, url: str) -> None:
    table = f'\n[[hooks]]\nurl = "{url}"\nevents = ["subscriber.confirmed"]\nallow_private = true\n'
    file = folder / "config" / "digest.toml"
    file.write_text(file.read_text(encoding="utf-8") + table, encoding="utf-8")


def test_what_a_command_did_is_told_by_the_service(
    digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGEST_API__HOOK_SECRET", "a secret for tests only")
    with receiving() as receiver:
        configured(mornings, receiver.url)
        assert digest("subscribe", "ada@example.com", "--confirmed").code == 0
        assert receiver.came == []
        digest("run", "--once", "--quiet")
    [taken] = receiver.came
    assert json.loads(taken.body)["data"]["address"] == "ada@example.com"


def test_the_service_does_not_begin_without_the_secret(digest: Digest, mornings: Path) -> None:
    configured(mornings, "https://hooks.example.com/")
    said = digest("run", "--once")
    assert said.code == 2
    assert "DIGEST_API__HOOK_SECRET" in said.err


def test_an_event_that_does_not_exist_is_refused_by_name(digest: Digest, mornings: Path) -> None:
    file = mornings / "config" / "digest.toml"
    wrong = '\n[[hooks]]\nurl = "https://hooks.example.com/"\nevents = ["reader.gone"]\n'
    file.write_text(file.read_text(encoding="utf-8") + wrong, encoding="utf-8")
    said = digest("status")
    assert said.code == 2
    assert "hooks: number 1: events" in said.err
    assert "subscriber.left" in said.err
