"""A key by command; from then on everything that leaves is signed, editions and single mails alike."""

from __future__ import annotations

from pathlib import Path

import dkim

from tests.cli.conftest import Digest, MailServer


def published(record: str) -> tuple[bytes, bytes]:
    """Name and value of a TXT record in a zone file."""
    name, _, strings = record.partition(". IN TXT ")
    return name.encode() + b".", "".join(strings.split('"')[1::2]).encode()


def test_everything_that_leaves_is_signed_once_a_key_is_configured(
    digest: Digest, mail_server: MailServer, mornings: Path
) -> None:
    made = digest("dkim", "new", "ed2026", "--ed25519")
    assert made.code == 0
    name, value = published(made.out.strip())
    assert name == b"ed2026._domainkey.example.com."
    file = mornings / "config" / "digest.toml"
    file.write_text(file.read_text() + '[dkim]\nkeys = ["var/dkim/ed2026.pem"]\n')
    digest("subscribe", "ada@example.com", "--confirmed")
    digest("subscribe", "bob@example.com")
    assert digest("send").code == 0
    assert digest("send", "--to", "editor@example.com").code == 0
    assert mail_server.addresses() == ["ada@example.com", "bob@example.com", "editor@example.com"]
    for mail in mail_server.mailbox:
        assert dkim.verify(mail.raw, dnsfunc=lambda asked, timeout: {name: value}[asked]), mail.rcpt
    assert digest("dkim", "show").out == made.out


def test_without_a_key_nothing_is_signed_and_show_says_how_to_make_one(
    digest: Digest, mail_server: MailServer
) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    digest("send")
    [mail] = mail_server.mailbox
    assert b"DKIM-Signature" not in mail.raw
    assert "digest dkim new" in digest("dkim", "show").err


def test_a_long_record_is_cut_into_strings_that_dns_can_hold(digest: Digest, mornings: Path) -> None:
    record = digest("dkim", "new", "rsa2026").out.strip()
    strings = record.split('"')[1::2]
    assert len(strings) > 1
    assert max(map(len, strings)) <= 255
    assert published(record)[1].startswith(b"v=DKIM1; k=rsa; p=MII")


def test_a_key_or_a_selector_that_cannot_be_is_refused(digest: Digest, mornings: Path) -> None:
    assert digest("dkim", "new", "../key").code == 2
    assert digest("dkim", "new", "ed2026", "--ed25519").code == 0
    assert "is there already" in digest("dkim", "new", "ed2026").err


def test_a_key_that_others_can_read_stops_a_send_before_any_mail(
    digest: Digest, mail_server: MailServer, mornings: Path
) -> None:
    digest("dkim", "new", "ed2026", "--ed25519")
    (mornings / "var" / "dkim" / "ed2026.pem").chmod(0o644)
    file = mornings / "config" / "digest.toml"
    file.write_text(file.read_text() + '[dkim]\nkeys = ["var/dkim/ed2026.pem"]\n')
    digest("subscribe", "ada@example.com", "--confirmed")
    said = digest("send")
    assert said.code == 2
    assert "chmod 600" in said.err
    assert mail_server.addresses() == []
