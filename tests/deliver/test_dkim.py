"""Signatures that others accept, over what goes out, by keys that nobody else can read."""

from __future__ import annotations

import re
from pathlib import Path

import dkim
import pytest

from digest.deliver.dkim import SIGNED, Key, Signer
from digest.deliver.dkim_keys import new_key, read_key
from digest.errors import ConfigError

MAIL = (
    b"From: The Morning Tide <news@example.com>\r\n"
    b"To: <ada@example.net>\r\n"
    b"Subject: =?utf-8?b?TMOkcm0=?=\r\n =?utf-8?b?IGFtIEhhZmVu?=\r\n"
    b"Date: Tue, 10 Mar 2026 07:00:00 +0000\r\n"
    b"Message-ID: <1@example.com>\r\n"
    b"List-Unsubscribe:   <https://digest.example.com/unsubscribe/x>,\r\n\t <mailto:x@example.com>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"\r\n"
    b"Quiet seas and\r\n\r\n two ferries\r\n\r\n\r\n"
)


@pytest.fixture(scope="module")
def rsa(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return new_key(tmp_path_factory.mktemp("keys") / "rsa2026.pem")


@pytest.fixture(scope="module")
def ed25519(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return new_key(tmp_path_factory.mktemp("keys") / "ed2026.pem", ed25519=True)


def verified(mail: bytes, *keys: Key, domain: str = "example.com") -> bool:
    """Whether dkimpy accepts every signature, with our records in its DNS."""
    published = {f"{name}.".encode(): value for name, value in (key.record(domain) for key in keys)}
    verifier = dkim.DKIM(mail)
    try:
        return all(
            verifier.verify(number, dnsfunc=lambda name, timeout: published[name].encode())
            for number in range(len(keys))
        )
    except dkim.ValidationError:
        return False


def test_both_signatures_are_accepted_by_another_program(rsa: Key, ed25519: Key) -> None:
    signed = Signer([rsa, ed25519])(MAIL)
    assert signed.endswith(MAIL)
    assert verified(signed, rsa, ed25519)


def test_the_same_mail_gives_the_same_bytes(rsa: Key, ed25519: Key) -> None:
    signer = Signer([rsa, ed25519])
    assert signer(MAIL) == signer(MAIL)


def test_another_domain_may_sign(rsa: Key) -> None:
    signed = Signer([rsa], "mail.example.com")(MAIL)
    assert b" d=mail.example.com;" in signed
    assert verified(signed, rsa, domain="mail.example.com")


@pytest.mark.parametrize("name", SIGNED)
def test_no_header_that_readers_go_by_can_be_added(ed25519: Key, name: str) -> None:
    signed = Signer([ed25519])(MAIL)
    assert not verified(f"{name}: added\r\n".encode() + signed, ed25519)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"ferries", b"fairies"),
        (b"ada@", b"bob@"),
        (b"unsubscribe/x", b"unsubscribe/y"),
        (b"10 Mar", b"11 Mar"),
    ],
)
def test_what_is_changed_on_the_way_is_found_out(ed25519: Key, was: bytes, now: bytes) -> None:
    assert not verified(Signer([ed25519])(MAIL).replace(was, now), ed25519)


def test_white_space_that_relays_change_breaks_nothing(ed25519: Key) -> None:
    signed = Signer([ed25519])(MAIL)
    assert verified(signed.replace(b"Quiet seas and\r\n", b"Quiet  seas\tand \r\n") + b"\r\n", ed25519)


def test_no_line_is_long_and_no_length_or_end_is_promised(rsa: Key) -> None:
    head = Signer([rsa])(MAIL).removesuffix(MAIL)
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert not re.search(rb"\b[lxt]=", head.partition(b"bh=")[0])


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ed.pem"
    new_key(file, ed25519=True)
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    with pytest.raises(ConfigError, match=r"others can read .* chmod 600"):
        read_key(file)


def test_a_file_that_is_no_key_is_refused_with_the_cure(tmp_path: Path) -> None:
    file = tmp_path / "news.pem"
    with pytest.raises(ConfigError, match="digest dkim new news"):
        read_key(file)
    file.touch(mode=0o600)
    with pytest.raises(ConfigError, match="not a private key"):
        read_key(file)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    new_key(tmp_path / "ed.pem", ed25519=True)
    with pytest.raises(FileExistsError):
        new_key(tmp_path / "ed.pem", ed25519=True)
