"""Keys to the API, by command."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Digest


def test_a_key_is_shown_once_listed_without_its_secret_and_removed(digest: Digest, mornings: Path) -> None:
    made = digest("keys", "add", "cms", "--scope", "stories:write", "--scope", "read", "--json").json
    assert made["scopes"] == ["read", "stories:write"]
    listed = digest("keys", "list", "--json")
    assert [one["name"] for one in listed.json["keys"]] == ["cms"]
    assert made["key"] not in listed.out
    assert digest("keys", "remove", "cms").code == 0
    assert digest("keys", "remove", "cms").code == 2


def test_an_unknown_scope_is_refused_with_those_there_are(digest: Digest, mornings: Path) -> None:
    said = digest("keys", "add", "cms", "--scope", "everything")
    assert said.code == 2
    assert "known are read, stories:write, editions:write, subscribers:write" in said.err
