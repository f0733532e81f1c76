"""`digest db …`: a backup that comes back, whatever has become of the database, and another store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.asking_server import asking_server
from tests.cli.conftest import Digest


def test_a_restore_without_a_terminal_needs_a_yes(digest: Digest, mornings: Path) -> None:
    digest("db", "backup", "backup.db")
    assert digest("db", "restore", "backup.db").code == 2
    assert digest("db", "restore", "backup.db", "--yes").code == 0


def test_a_destroyed_database_is_restored_all_the_same(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    digest("db", "backup", "backup.db")
    (mornings / "var" / "digest.db").write_bytes(b"no database" * 1000)
    assert digest("status").code == 1
    assert digest("db", "restore", "backup.db", "--yes").code == 0
    assert "ada@example.com" in digest("subscribers", "list").out
    assert digest("db", "check").code == 0


def test_who_went_back_a_version_is_told_the_way_and_gets_there(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    digest("db", "backup", "before.db")
    database = sqlite3.connect(mornings / "var" / "digest.db")
    with closing(database), database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for asked in (["status"], ["db", "upgrade"]):
        said = digest(*asked)
        assert said.code == 1
        assert "made by a newer version (tables 9999, this one knows" in said.err
        assert "digest db restore FILE" in said.err
    assert "newer version" in digest("db", "check").out
    assert digest("db", "restore", "before.db", "--yes").code == 0
    assert "ada@example.com" in digest("subscribers", "list").out


def test_a_check_only_looks(digest: Digest, mornings: Path) -> None:
    file = mornings / "var" / "digest.db"
    database = sqlite3.connect(file)
    with closing(database), database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    said = digest("db", "check")
    assert (said.code, "its tables are at 0001" in said.out) == (1, True)
    assert "its tables are at 0001" in digest("db", "check", "--json").json["faults"][0]
    file.unlink()
    said = digest("db", "check")
    assert (said.code, "is not there yet" in said.err) == (1, True)
    assert not file.exists()


def test_what_is_no_database_is_said_with_its_cure(digest: Digest, mornings: Path) -> None:
    (mornings / "var" / "digest.db").write_bytes(b"no database" * 1000)
    assert "file is not a database; put a backup in its place: digest db restore FILE" in digest("status").err


def test_a_file_that_is_no_backup_changes_nothing(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    (mornings / "notes.txt").write_text("no backup")
    said = digest("db", "restore", "notes.txt", "--yes")
    assert said.code == 1
    assert "notes.txt: not a backup of a digest database" in said.err
    assert "ada@example.com" in digest("subscribers", "list").out


@pytest.mark.parametrize(("address", "sent"), [("digest@", "quay"), ("digest:harbour@", "harbour")])
def test_the_store_that_is_copied_to_is_opened_with_a_password(
    digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch, address: str, sent: str
) -> None:
    monkeypatch.setenv("DIGEST_STORE__PASSWORD", "quay")
    with asking_server() as server:
        said = digest("db", "copy", server.url.replace("digest@", address))
        assert "no entry" in said.err
        assert server.passwords[0] == sent


def test_a_store_is_not_copied_onto_itself(digest: Digest, mornings: Path) -> None:
    said = digest("db", "copy", "sqlite:///var/digest.db")
    assert said.code == 2
    assert "the store in use" in said.err
