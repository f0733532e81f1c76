"""`digest doctor`: a line a finding, JSON, and exit 1 where there is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Digest, MailServer


def test_each_thing_has_a_line_and_each_trouble_its_cure(digest: Digest, mornings: Path) -> None:
    said = digest("doctor")
    assert said.code == 1
    assert "error   smtp: 127.0.0.1:9: connection" in said.out
    assert "        → is the name and port in smtp.url right" in said.out
    assert "ok      database: whole" in said.out


def test_json_has_every_finding_and_a_verdict(digest: Digest, mail_server: MailServer) -> None:
    said = digest("doctor", "--json")
    levels = {one["check"]: one["level"] for one in said.json["findings"]}
    assert levels["smtp"] == "ok"
    assert said.json["ok"] == ("error" not in levels.values()) == (said.code == 0)
    assert len(mail_server.mailbox) == 0


def test_a_broken_configuration_is_a_finding_with_the_key(digest: Digest, mornings: Path) -> None:
    file = mornings / "config" / "digest.toml"
    file.write_text(file.read_text().replace("sections", "secttions"))
    said = digest("doctor")
    assert said.code == 1
    assert "did you mean sections?" in said.out


def test_no_secret_is_told(digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGEST_SMTP__PASSWORD", "quay-street-7")
    monkeypatch.setenv("DIGEST_SMTP__USER", "paper")
    said = digest("doctor")
    assert "quay-street-7" not in said.out + said.err
