"""One reader shown, changed, forgotten, by command."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Digest


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
