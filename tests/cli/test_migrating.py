"""Lists from other programs: who read there reads here, and who had left, or was off, is mailed by nobody."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Digest

ROSTERS = Path(__file__).parents[1] / "data" / "rosters"
NOTHING = {"created": 0, "known": 0, "left": 0, "suppressed": 0, "elsewhere": 0, "bad": 0}


def taken_in(digest: Digest, file: Path | str, *more: str) -> dict[str, int]:
    """What an import says it did, without what did not occur."""
    counts: dict[str, int] = digest("subscribers", "import", str(file), "--json", *more).json
    assert counts.keys() == NOTHING.keys()
    return {name: count for name, count in counts.items() if count}


def status(digest: Digest, name: str) -> str:
    told: dict[str, Any] = digest("subscribers", "show", f"{name}@example.com", "--json").json
    return str(told["status"])


def subscription(digest: Digest, name: str) -> dict[str, Any]:
    [one] = digest("subscribers", "show", f"{name}@example.com", "--json").json["subscriptions"]
    return dict(one)


def test_listmonk(digest: Digest, mornings: Path) -> None:
    said = digest("subscribers", "import", str(ROSTERS / "listmonk.csv"), "--confirmed", "--json")
    assert said.code == 3
    assert said.json == {**NOTHING, "created": 1, "left": 1, "suppressed": 1, "bad": 1}
    assert "listmonk.csv line 5: 'dora at example.com' is not a mail address" in said.err
    assert [status(digest, name) for name in ("ada", "bob", "cleo")] == [
        "active",
        "unsubscribed",
        "suppressed",
    ]
    ada = subscription(digest, "ada")
    assert (ada["asked_at"], ada["asked_from"]) == ("2021-05-04T06:30:00Z", "import listmonk.csv")


def test_mailchimp(digest: Digest, mornings: Path) -> None:
    files = [ROSTERS / f"mailchimp_{kind}.csv" for kind in ("subscribed", "unsubscribed", "cleaned")]
    assert [taken_in(digest, file, "--confirmed") for file in files] == [
        {"created": 2},
        {"left": 2},
        {"suppressed": 1},
    ]
    assert [status(digest, name) for name in ("ada", "eve", "bob", "fay", "cleo")] == [
        *("active", "active", "unsubscribed", "unsubscribed", "suppressed")
    ]
    ada, eve, bob = (subscription(digest, name) for name in ("ada", "eve", "bob"))
    assert (ada["asked_at"], ada["confirmed_at"]) == ("2019-03-04T05:06:07Z", "2019-03-04T05:09:10Z")
    assert (ada["asked_from"], ada["zone"]) == (
        "import mailchimp_subscribed.csv 198.51.100.7",
        "Europe/Dublin",
    )
    assert (eve["confirmed_at"], eve["zone"]) == ("2020-01-02T03:04:05Z", "UTC")
    assert bob["left_at"] == "2021-06-07T08:09:10Z"


def test_keila(digest: Digest, mornings: Path) -> None:
    assert taken_in(digest, ROSTERS / "keila.csv", "--confirmed") == {
        **{"created": 1, "left": 1, "suppressed": 1}
    }


def test_who_had_left_comes_back_by_no_list_whatever_the_order(digest: Digest, mornings: Path) -> None:
    """The stale list first, then the one that says that they left; and the stale one once more."""
    stale = mornings / "stale.csv"
    stale.write_text("email\nbob@example.com\ncleo@example.com\n")
    assert taken_in(digest, stale, "--confirmed") == {"created": 2}
    for kind in ("unsubscribed", "cleaned"):
        taken_in(digest, ROSTERS / f"mailchimp_{kind}.csv", "--confirmed")
    assert taken_in(digest, stale, "--confirmed") == {"known": 1, "suppressed": 1}
    assert (status(digest, "bob"), status(digest, "cleo")) == ("unsubscribed", "suppressed")


def test_who_asked_here_after_leaving_there_stays(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "bob@example.com", "--confirmed")
    taken_in(digest, ROSTERS / "mailchimp_unsubscribed.csv")
    assert status(digest, "bob") == "active"


def test_who_asked_here_before_leaving_there_has_left(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    assert taken_in(digest, ROSTERS / "listmonk.csv", "--left")["left"] == 2
    assert status(digest, "ada") == "unsubscribed"


def test_a_list_may_be_said_to_be_of_people_who_left(digest: Digest, mornings: Path) -> None:
    """As from listmonk, whose export does not tell who left which list."""
    assert taken_in(digest, ROSTERS / "listmonk.csv", "--left") == {"left": 2, "suppressed": 1, "bad": 1}
    assert status(digest, "ada") == "unsubscribed"


def test_without_proof_each_is_asked_and_the_time_to_answer_begins_now(
    digest: Digest, mornings: Path
) -> None:
    assert taken_in(digest, ROSTERS / "mailchimp_subscribed.csv") == {"created": 2}
    assert subscription(digest, "ada")["asked_at"] > "2026"
    assert digest("status", "--json").json["outbox"] == 2


def test_our_own_export_comes_back_as_it_was(digest: Digest, mornings: Path) -> None:
    taken_in(digest, ROSTERS / "mailchimp_subscribed.csv", "--confirmed")
    digest("subscribe", "=cmd|x@example.com", "--confirmed", "--sections", "Sport")
    digest("unsubscribe", "eve@example.com")
    exported = mornings / "export.csv"
    exported.write_text(digest("subscribers", "export").out)
    before = digest("subscribers", "list", "--json").json["subscribers"]
    for file in (mornings / "var").iterdir():
        if file.name != "secret":
            file.unlink()
    assert taken_in(digest, exported, "--confirmed") == {"created": 2, "left": 1}
    after = digest("subscribers", "list", "--json").json["subscribers"]
    assert sorted(after, key=str) == sorted(before, key=str)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ada@example.com,archived,", "status 'archived' is not known"),
        ("ada@example.com,active,04/03/2019", "asked_at '04/03/2019' is not a time such as"),
        ("ada@example.com,active,2199-01-01 00:00:00", "is in the future"),
        (",active,", "'' is not a mail address"),
    ],
)
def test_in_doubt_nobody_is_taken_in(digest: Digest, mornings: Path, line: str, said: str) -> None:
    (mornings / "list.csv").write_text(f"email,status,created_at\n\n{line}\n")
    told = digest("subscribers", "import", "list.csv", "--confirmed", "--json")
    assert (told.code, told.json) == (3, {**NOTHING, "bad": 1})
    assert "list.csv line 3: " in told.err
    assert said in told.err


@pytest.mark.parametrize(
    "written",
    [
        codecs.BOM_UTF8 + b"Email;Zone\r\nada@example.com;Asia/Tokyo\r\n",
        "Email\tZone\nada@example.com\tAsia/Tokyo\n".encode("utf-16"),
        "Email,Name,Zone\rada@example.com,Zoë,Asia/Tokyo\r".encode("cp1252"),
        b"Email,Zone\nada@exam\0ple.com,Asia/Tokyo\n\0\n",
    ],
    ids=["semicolons and a mark", "UTF-16 with tabs", "an old Mac", "zero bytes"],
)
def test_odd_files_are_read(digest: Digest, mornings: Path, written: bytes) -> None:
    (mornings / "odd.csv").write_bytes(written)
    assert taken_in(digest, "odd.csv", "--confirmed") == {"created": 1}
    assert subscription(digest, "ada")["zone"] == "Asia/Tokyo"


def test_a_quote_left_open_costs_a_line_and_not_the_file(digest: Digest, mornings: Path) -> None:
    long = "x" * 1_200_000
    (mornings / "open.csv").write_text(f'email,name\nada@example.com,"{long}\nbob@example.com,Bob\n')
    said = digest("subscribers", "import", "open.csv", "--confirmed", "--json")
    assert said.code == 3
    assert "a quote left open?" in said.err


def test_a_file_without_addresses_and_one_that_is_not_there_are_told(digest: Digest, mornings: Path) -> None:
    (mornings / "names.csv").write_text("name\nAda\n")
    for name, said in (("names.csv", 'no column "address"'), ("nowhere.csv", "no such file")):
        told = digest("subscribers", "import", name)
        assert (told.code, said in told.err) == (2, True)
