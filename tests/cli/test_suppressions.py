"""Addresses that are off, by command."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Digest


def test_a_suppression_is_lifted_by_hand(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    digest("suppressions", "add", "ada@example.com")
    assert [one["address"] for one in digest("suppressions", "list", "--json").json["suppressions"]] == [
        "ada@example.com"
    ]
    assert digest("suppressions", "lift", "ada@example.com").code == 0
    assert digest("suppressions", "lift", "ada@example.com").code == 2
    assert digest("subscribers", "show", "ada@example.com", "--json").json["status"] == "active"
