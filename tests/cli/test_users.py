"""Who may sign in at the desk, by command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Digest

pytestmark = pytest.mark.usefixtures("quick_passwords")

ADA = "ada@example.com"
LONG = "a good long password\n"


def test_somebody_is_let_in_once(digest: Digest, mornings: Path) -> None:
    assert digest("users", "add", ADA, "--role", "operator", "--json", stdin=LONG).json == {
        "address": ADA,
        "role": "operator",
        "created": True,
    }
    again = digest("users", "add", ADA, "--json", stdin=LONG)
    assert (again.code, again.json["created"]) == (0, False)
    assert digest("users", "list", "--json").json == {"users": [{"address": ADA, "role": "operator"}]}
    assert digest("users", "list").out == f"{ADA} operator\n"


def test_a_short_password_and_an_unknown_role_are_refused(digest: Digest, mornings: Path) -> None:
    short = digest("users", "add", ADA, stdin="short\n")
    assert (short.code, short.err) == (2, "digest: a password has 12 to 1024 characters\n")
    wrong = digest("users", "add", ADA, "--role", "king", stdin=LONG)
    assert wrong.code == 2
    assert "operator, editor, viewer" in wrong.err
    assert digest("users", "list").out == ""


def test_whoever_signs_in_by_openid_needs_no_password(
    digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = digest("users", "add", ADA, "--no-password")
    assert (off.code, digest("users", "list").out) == (2, "")
    assert "set [oidc] in the configuration first" in off.err
    monkeypatch.setenv("DIGEST_OIDC__ISSUER", "https://login.example.com")
    monkeypatch.setenv("DIGEST_OIDC__CLIENT_ID", "the-desk")
    assert digest("users", "add", ADA, "--no-password", "--json").json["created"]
    assert digest("users", "list").out == f"{ADA} editor\n"
    assert digest("users", "password", ADA, stdin=LONG).code == 0


def test_a_new_password_and_the_end(digest: Digest, mornings: Path) -> None:
    digest("users", "add", ADA, stdin=LONG)
    assert digest("users", "password", ADA, stdin="another long password\n").code == 0
    assert digest("users", "remove", ADA, "--json").json == {"address": ADA, "removed": True}
    gone = digest("users", "remove", ADA)
    assert gone.code == 1
    assert "nobody signs in as ada@example.com" in gone.err
    assert digest("users", "password", ADA, stdin=LONG).code == 1


def test_an_edition_is_corrected_by_command(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ann@example.com", "--confirmed")
    digest("send", "--yes")  # the mail server is not there: frozen, and nobody has it
    items = digest("edition", "show", "--json").json["items"]
    story = str(items[0]["story"])
    done = digest("edition", "correct", "--story", story, "--title", "Right", "--say", "Sorry.", "--json")
    assert done.code == 0
    assert (done.json["revision"], done.json["waiting"], done.json["mailed"]) == (1, 1, 0)
    assert digest("edition", "show", "--json").json["items"][0]["title"] == "Right"
    assert "Right" in digest("preview", "--json").json["subject"]


def test_a_correction_of_nothing_is_wrong_usage(digest: Digest, mornings: Path) -> None:
    none = digest("edition", "correct", "--say", "Sorry.")
    assert none.code == 2
    assert "there is no edition of that date" in none.err
