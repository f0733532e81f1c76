"""Subscribing, leaving, importing, exporting, forgetting, by command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Digest, MailServer

NOTHING = {"created": 0, "known": 0, "left": 0, "suppressed": 0, "elsewhere": 0, "bad": 0}


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


def test_an_import_keeps_the_good_lines_and_names_the_bad_ones(digest: Digest, mornings: Path) -> None:
    rows = [
        "Email,zone,sections",
        "ada@example.com,Asia/Tokyo,World;Sport",
        "nobody,,",
        "bob@example.com,Mars/Base,",
    ]
    (mornings / "readers.csv").write_text("\n".join([*rows, "cleo@example.com,,"]))
    said = digest("subscribers", "import", "readers.csv", "--confirmed", "--json")
    assert said.code == 3
    assert said.json == {**NOTHING, "created": 2, "bad": 2}
    assert "readers.csv line 3: 'nobody' is not a mail address" in said.err
    assert "readers.csv line 4: 'Mars/Base' is not an IANA time zone" in said.err
    listed = digest("subscribers", "list", "--json").json["subscribers"]
    assert [(one["address"], one["zone"], one["sections"]) for one in listed] == [
        ("ada@example.com", "Asia/Tokyo", ["Sport", "World"]),
        ("cleo@example.com", "UTC", []),
    ]


def test_an_import_brings_back_nobody_who_left_or_is_suppressed(digest: Digest, mornings: Path) -> None:
    for name in ("ada", "bob"):
        digest("subscribe", f"{name}@example.com", "--confirmed")
    digest("unsubscribe", "ada@example.com")
    digest("suppressions", "add", "bob@example.com", "--reason", "asked by phone")
    (mornings / "readers.csv").write_text("address\nada@example.com\nbob@example.com\n")
    said = digest("subscribers", "import", "readers.csv", "--confirmed", "--json")
    assert said.json == {**NOTHING, "known": 1, "suppressed": 1}
    assert digest("subscribers", "show", "ada@example.com", "--json").json["status"] == "unsubscribed"
    bob = digest("subscribers", "show", "bob@example.com", "--json").json
    assert (bob["status"], bob["suppression"]["reason"]) == ("suppressed", "asked by phone")


def test_a_suppression_is_lifted_by_hand(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    digest("suppressions", "add", "ada@example.com")
    assert [one["address"] for one in digest("suppressions", "list", "--json").json["suppressions"]] == [
        "ada@example.com"
    ]
    assert digest("suppressions", "lift", "ada@example.com").code == 0
    assert digest("suppressions", "lift", "ada@example.com").code == 2
    assert digest("subscribers", "show", "ada@example.com", "--json").json["status"] == "active"


def test_an_export_holds_no_cell_that_a_spreadsheet_would_run(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "=cmd|x@example.com", "--confirmed")
    said = digest("subscribers", "export")
    assert said.out.splitlines()[1].startswith("'=cmd|x@example.com,morning,active")


def test_a_change_of_hour_and_days_is_kept(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed", "--sections", "Sport")
    digest("subscribers", "change", "ada@example.com", "--at", "08:15", "--days", "sun,sat")
    [one] = digest("subscribers", "show", "ada@example.com", "--json").json["subscriptions"]
    assert (one["at"], one["days"], one["sections"]) == ("08:15", "sat,sun", ["Sport"])


def test_an_erased_person_is_known_no_more(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    assert digest("subscribers", "erase", "ada@example.com").code == 0
    assert digest("subscribers", "show", "ada@example.com").code == 2
    assert b"ada@example" not in (mornings / "var" / "digest.db").read_bytes()


def test_all_that_is_known_of_one_person_is_exported(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com")
    digest("subscribe", "bob@example.com", "--confirmed")
    said = digest("subscribers", "export", "ada@example.com")
    assert (said.json["address"], said.json["other_mails"][0]["kind"]) == ("ada@example.com", "confirm")
    assert said.json["subscriptions"][0]["wording"] == "confirm-1"
    assert "bob" not in said.out
    digest("suppressions", "add", "bob@example.com", "--reason", "asked by phone")
    digest("suppressions", "add", "eve@example.com")
    reasons = [digest("subscribers", "export", f"{who}@example.com").json for who in ("bob", "eve")]
    assert [known["suppression"]["reason"] for known in reasons] == ["asked by phone", "by hand"]
    assert digest("subscribers", "export", "nobody@example.com").code == 2
