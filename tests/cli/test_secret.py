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
