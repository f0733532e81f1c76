"""What root makes in the service's folder is the service's."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_IMODE

import pytest

from digest import ownership

SERVICE = 4711  # a user without a name


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The files given away, and to whom, by a root who need not be it."""
    files: list[tuple[str, int]] = []

    def give(handle: int, user: int, _group: int) -> None:
        files.append((Path(f"/proc/self/fd/{handle}").readlink().name, user))

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", give)
    return files


def test_what_root_makes_is_its_folders_owners(tmp_path: Path, given: list[tuple[str, int]]) -> None:
    us = tmp_path.stat().st_uid
    ownership.ensure(tmp_path / "var" / "dkim" / "key.pem")
    ownership.ensure(tmp_path / "var" / "dkim" / "key.pem")
    assert given == [("var", us), ("dkim", us), ("key.pem", us)]
    assert S_IMODE((tmp_path / "var" / "dkim").stat().st_mode) == 0o700
    assert S_IMODE((tmp_path / "var" / "dkim" / "key.pem").stat().st_mode) == 0o600


def test_what_is_there_already_is_never_given_away(tmp_path: Path, given: list[tuple[str, int]]) -> None:
    system = tmp_path / "shadow"
    system.touch()
    (tmp_path / "journal.jsonl").symlink_to(system)
    ownership.ensure(tmp_path / "journal.jsonl")
    with pytest.raises(FileExistsError):
        ownership.create(tmp_path / "journal.jsonl")
    assert given == []


def test_nobody_but_root_gives_away(
    tmp_path: Path, given: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: SERVICE)
    ownership.ensure(tmp_path / "var" / "secret")
    assert given == []
