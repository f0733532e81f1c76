"""The signing secret is changed, and nothing that was sent before breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.settings import load
from digest.tokens import Purpose
from digest.wiring import App
from tests.cli.conftest import Digest


def test_links_already_sent_and_suppressions_outlive_a_new_secret(digest: Digest, mornings: Path) -> None:
    config = mornings / "config" / "digest.toml"
    digest("suppressions", "add", "eve@example.com")
    before = App(load(config)).tokens
    sent = before.sign(Purpose.UNSUBSCRIBE, bytes(16))
    assert digest("secret", "rotate").code == 0
    assert digest("secret", "rotate").code == 0
    after = App(load(config)).tokens
    assert after.verify(Purpose.UNSUBSCRIBE, sent) == bytes(16)
    assert after.sign(Purpose.UNSUBSCRIBE, bytes(16)) != sent
    assert digest("subscribe", "eve@example.com", "--confirmed").code == 1
    file = mornings / "var" / "secret"
    assert (len(file.read_text().split()), file.stat().st_mode & 0o777) == (3, 0o600)


def test_a_secret_in_the_environment_is_changed_there(
    digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGEST_SITE__SECRET", "s" * 40)
    said = digest("secret", "rotate")
    assert (said.code, "DIGEST_SITE__SECRET" in said.err) == (2, True)


LOST = "without it suppressed people would get mail again; put it back from your copy"


@pytest.fixture
def victim(digest: Digest, mornings: Path) -> Path:
    """The secret of a newspaper that has suppressed somebody."""
    assert digest("suppressions", "add", "victim@example.com").code == 0
    return mornings / "var" / "secret"


def test_without_its_secret_a_database_brings_nobody_back(digest: Digest, victim: Path) -> None:
    kept = victim.read_bytes()
    victim.unlink()
    for asked in (
        ["subscribe", "victim@example.com", "--confirmed"],
        ["secret", "rotate"],
        ["run", "--once"],
    ):
        said = digest(*asked)
        assert said.code == 2
        assert f"{victim}: the signing secret is gone, and {LOST}" in said.err
        assert not victim.exists()
    victim.write_bytes(kept)
    victim.chmod(0o600)
    assert "suppressed" in digest("subscribe", "victim@example.com", "--confirmed").err


def test_a_shell_without_the_services_secret_is_told(
    digest: Digest, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGEST_SITE__SECRET", "s" * 40)
    said = digest("subscribe", "victim@example.com", "--confirmed")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert (
        f"DIGEST_SITE__SECRET: its last secret is not the one this database belongs to, and {LOST}"
        in said.err
    )
    monkeypatch.setenv("DIGEST_SITE__SECRET", f"{'s' * 40} {victim.read_text().strip()}")
    assert digest("subscribe", "ada@example.com", "--confirmed").code == 0


def test_a_database_that_knows_nobody_takes_another_secret(
    digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert digest("preview").code == 0
    monkeypatch.setenv("DIGEST_SITE__SECRET", "s" * 40)
    assert digest("subscribe", "ada@example.com", "--confirmed").code == 0
    monkeypatch.delenv("DIGEST_SITE__SECRET")
    assert digest("subscribe", "bob@example.com", "--confirmed").code == 2


def test_a_backup_comes_back_with_its_secret_alone(digest: Digest, victim: Path) -> None:
    digest("db", "backup", "backup.db")
    kept = victim.read_bytes()
    victim.write_text("another" * 10)
    said = digest("db", "restore", "backup.db", "--yes")
    assert (said.code, LOST in said.err) == (2, True)
    victim.unlink()
    (victim.parent / "digest.db").unlink()
    assert LOST in digest("db", "restore", "backup.db", "--yes").err
    victim.write_bytes(kept)
    victim.chmod(0o600)
    assert digest("db", "restore", "backup.db", "--yes").code == 0
    assert digest("subscribe", "victim@example.com", "--confirmed").code == 1


def test_who_has_lost_the_secret_for_good_says_so_and_goes_on(digest: Digest, victim: Path) -> None:
    victim.unlink()
    assert digest("secret", "accept").code == 2
    assert not victim.exists()
    assert digest("secret", "accept", "--yes").code == 0
    assert digest("subscribe", "ada@example.com", "--confirmed").code == 0


def test_the_doctor_tells_a_secret_that_is_not_the_databases(digest: Digest, victim: Path) -> None:
    def found() -> dict[str, dict[str, str]]:
        return {one["check"]: one for one in digest("doctor", "--json").json["findings"]}

    assert "secret" not in found()
    victim.unlink()
    told = found()["secret"]
    assert (told["level"], "the signing secret is gone" in told["said"]) == ("error", True)
    assert "digest secret accept" in told["cure"]
