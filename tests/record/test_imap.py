"""The mailbox of returned mail: read once, and nothing is lost or deleted before it is recorded."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from digest.errors import ConfigError, ReturnsError
from digest.record.bounces.understanding import READ
from digest.record.imap import Box, visit
from tests.record.imap_server import ImapServer


def box(server: ImapServer, password: str = "secret", folder: str = "") -> Box:
    return Box.parse(f"imap://post@127.0.0.1:{server.port}{folder}", password)


def test_what_is_ours_is_deleted_and_what_is_not_stays_for_a_person() -> None:
    with ImapServer({1: b"ours", 2: b"a letter"}) as server:
        assert visit(box(server), lambda mails: [raw == b"ours" for raw in mails]) == 1
        assert server.mails == {2: b"a letter"}
        assert visit(box(server), lambda mails: pytest.fail("read twice")) == 0


def test_what_could_not_be_recorded_is_read_again() -> None:
    def fails(mails: Sequence[bytes]) -> list[bool]:
        raise OSError("the disk is full")

    with ImapServer({1: b"ours"}) as server:
        with pytest.raises(ReturnsError, match="the disk is full"):
            visit(box(server), fails)
        assert (server.mails, server.flags) == ({1: b"ours"}, {1: ""})
        assert visit(box(server), lambda mails: [True]) == 1
        assert server.mails == {}


def test_a_huge_mail_is_read_no_further_than_it_is_looked_at() -> None:
    with ImapServer({1: b"x" * (READ + 1000)}) as server:
        assert visit(box(server), lambda mails: [len(mails[0]) == READ]) == 1


def test_a_wrong_password_a_missing_folder_and_no_server_are_told_with_their_place() -> None:
    with ImapServer({}) as server:
        for wrong in (box(server, "guess"), box(server, folder="/Elsewhere")):
            with pytest.raises(ReturnsError, match=rf"127.0.0.1:{server.port}/.* cannot be read"):
                visit(wrong, lambda mails: [])
        gone = box(server)
    with pytest.raises(ReturnsError, match="refused"):
        visit(gone, lambda mails: [])


def test_the_address_of_a_mailbox() -> None:
    assert Box.parse("imaps://news%40example.com@mail.example.com/Returned%20mail", "p") == Box(
        "mail.example.com", 993, True, "news@example.com", "p", "Returned mail"
    )


@pytest.mark.parametrize(
    "url", ["mail.example.com", "imaps://mail.example.com", "imaps://a:secret@example.com"]
)
def test_an_address_that_cannot_be_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(ConfigError, match="imaps://USER@HOST") as caught:
        Box.parse(url, "")
    assert "secret" not in str(caught.value)
