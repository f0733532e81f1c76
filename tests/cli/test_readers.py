"""Subscribing and leaving, by command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Digest, MailServer


def test_subscribing_twice_says_so_and_changes_nothing(digest: Digest, mornings: Path) -> None:
    first = digest("subscribe", "ada@example.com", "--confirmed", "--json")
    assert first.json["created"] is True
    again = digest("subscribe", "ada@example.com", "--confirmed", "--json", "--zone", "Asia/Tokyo")
    assert again.code == 0
    assert again.json["created"] is False
    assert again.json["zone"] == "UTC"
    assert "already" in again.err


def test_an_unconfirmed_reader_gets_a_mail_to_confirm_and_no_edition(
    digest: Digest, mail_server: MailServer
) -> None:
    assert digest("subscribe", "ada@example.com").code == 0
    digest("subscribe", "bob@example.com", "--confirmed")
    assert digest("send").code == 0
    subjects = {mail.rcpt[0]: mail.raw for mail in mail_server.mailbox}
    assert b"/confirm/" in subjects["ada@example.com"].replace(b"=\r\n", b"")
    assert b"/unsubscribe/" in subjects["bob@example.com"].replace(b"=\r\n", b"")
    assert len(mail_server.mailbox) == 2


@pytest.mark.parametrize(
    "command",
    [("subscribers", "list"), ("subscribers", "export"), ("unsubscribe", "ada@example.com")],
    ids=lambda command: command[-1],
)
def test_a_newsletter_that_is_not_configured_is_told(
    digest: Digest, mornings: Path, command: tuple[str, ...]
) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    said = digest(*command, "--newsletter", "mroning")
    assert (said.code, said.out) == (2, "")
    assert "no newsletter 'mroning' is configured; known are morning" in said.err
    assert digest(*command, "--newsletter", "morning").code == 0


def test_wrong_wishes_are_refused_with_the_right_ones(digest: Digest, mornings: Path) -> None:
    for wish, told in (
        (["--zone", "Europe/Dubln"], "did you mean Europe/Dublin?"),
        (["--at", "7"], "quarter hour"),
        (["--sections", "Wrold"], "it has World, Sport"),
    ):
        said = digest("subscribe", "ada@example.com", *wish)
        assert said.code == 2
        assert told in said.err
    assert digest("subscribe", "no address").code == 2


def test_leaving_twice_is_harmless_and_an_unknown_address_is_told(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    assert digest("unsubscribe", "ada@example.com", "--json").json["ended"] == ["morning"]
    assert digest("unsubscribe", "ada@example.com", "--json").json["ended"] == []
    assert digest("subscribers", "show", "ada@example.com", "--json").json["status"] == "unsubscribed"
    assert digest("unsubscribe", "bob@example.com").code == 2
