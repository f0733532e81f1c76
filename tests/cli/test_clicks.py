"""How often links were followed, told by command."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Digest


def test_they_are_told_where_they_are_counted(digest: Digest, mornings: Path) -> None:
    said = digest("clicks")
    assert (said.code, "[tracking]" in said.err) == (2, True)
    config = mornings / "config" / "digest.toml"
    config.write_text(config.read_text() + "[tracking]\nclicks = true\n")
    told = digest("clicks", "--json").json
    assert (told["clicks"], {link["clicks"] for link in told["links"]}) == (0, {0})
    assert "Bridge opens a year early" in digest("clicks").out
