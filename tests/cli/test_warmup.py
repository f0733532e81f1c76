"""A new sender's first morning, by command."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.cli.conftest import Digest, MailServer


def test_a_domain_gets_its_number_today_and_what_is_over_waits(
    digest: Digest, mail_server: MailServer, mornings: Path
) -> None:
    file = mornings / "config" / "digest.toml"
    today = datetime.now(UTC).date()
    file.write_text(file.read_text() + f'[warmup]\ndomains = {{"Example.com" = 2}}\nsince = {today}\n')
    for name in ("ada@example.com", "bob@example.com", "eve@example.com", "dan@example.net"):
        digest("subscribe", name, "--confirmed")
    for _ in ("a first time", "and again: what was delivered counts"):
        said = digest("send", "--json")
        assert (said.code, said.json["accepted"]) == (3, 3)
    assert mail_server.addresses()[-1] == "dan@example.net"
    assert "[warmup]" in digest("status").out
