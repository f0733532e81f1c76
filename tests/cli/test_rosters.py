"""Readers taken in and given out by the file."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Digest

NOTHING = {"created": 0, "known": 0, "left": 0, "suppressed": 0, "elsewhere": 0, "bad": 0}


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


def test_an_export_holds_no_cell_that_a_spreadsheet_would_run(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "=cmd|x@example.com", "--confirmed")
    said = digest("subscribers", "export")
    assert said.out.splitlines()[1].startswith("'=cmd|x@example.com,morning,active")


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
