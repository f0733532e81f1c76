"""What holds for every command: help, errors, exit codes, JSON."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from digest.cli.app import app, register
from tests.cli.conftest import Digest


def commands() -> list[tuple[str, ...]]:
    """Every command there is."""
    register()
    found: list[tuple[str, ...]] = []
    root = get_command(app)
    for name, one in sorted(root.commands.items()):  # type: ignore[attr-defined]  # the root is a group
        found += [(name, sub) for sub in sorted(getattr(one, "commands", {}))] or [(name,)]
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_help_fits_80_columns_shows_an_example_and_the_common_options(
    digest: Digest, command: tuple[str, ...]
) -> None:
    said = digest(*command, "--help")
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80
    assert f"digest {' '.join(command)}" in said.out.split("Options:")[0].split("\n", 2)[2]
    for option in ("--config", "--quiet", "--no-progress", "--debug"):
        assert option in said.out


@pytest.mark.parametrize("family", [(), *{command[:1] for command in commands() if len(command) > 1}])
def test_lists_of_commands_tell_every_summary_whole(digest: Digest, family: tuple[str, ...]) -> None:
    listed = digest(*family, "--help").out.split("Commands:")[1]
    assert "..." not in listed
    assert max(map(len, listed.splitlines())) <= 80


def test_help_waits_for_nothing_that_only_work_needs() -> None:
    """`python -m tests.bench.startup` measures what that is worth."""
    late = {"sqlalchemy", "pydantic", "rich", "structlog", "fastapi", "jinja2", "lxml", "httpx2", "babel"}
    script = "import sys; from digest.cli.app import register; register(); print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", script], text=True).split()
    assert late & set(loaded) == set()


def test_digest_alone_shows_help_and_does_nothing(digest: Digest, tmp_path: Path) -> None:
    said = digest()
    assert "digest demo" in said.out + said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["sned"], "send"),
        (["send", "--dryrun"], "--dry-run"),
        (["edition", "aprove"], "approve"),
        (["doctr"], "doctor"),
        (["preview", "--qiet"], "--quiet"),
    ],
)
def test_a_mistyped_word_ends_with_2_and_names_the_nearest(
    digest: Digest, typed: list[str], meant: str
) -> None:
    said = digest(*typed)
    assert said.code == 2
    assert meant in said.err
    assert said.out == ""


def test_a_missing_configuration_ends_with_2_and_names_the_cure(digest: Digest) -> None:
    said = digest("status")
    assert said.code == 2
    assert said.err == "digest: config/digest.toml: no such file; make one with: digest init\n"


def test_a_broken_configuration_ends_with_2_and_names_file_key_and_cure(
    digest: Digest, mornings: Path
) -> None:
    file = mornings / "config" / "digest.toml"
    file.write_text(file.read_text().replace("sections", "secttions"))
    said = digest("preview")
    assert said.code == 2
    assert (
        "config/digest.toml: newsletters: morning: secttions: unknown key; did you mean sections?" in said.err
    )


def test_the_configuration_may_lie_elsewhere(digest: Digest, mornings: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text((mornings / "config" / "digest.toml").read_text())
    assert digest("status", "--config", str(other)).code == 0
    assert (tmp_path / "var" / "digest.db").exists()


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["preview"],
        ["send", "--dry-run"],
        ["collect"],
        ["subscribers", "list"],
        ["suppressions", "list"],
        ["edition", "list"],
        ["edition", "show"],
        ["db", "check"],
        ["subscribe", "ada@example.com"],
    ],
    ids=" ".join,
)
def test_json_is_one_document_on_stdout(digest: Digest, mornings: Path, command: list[str]) -> None:
    said = digest(*command, "--json")
    assert said.code == 0
    assert isinstance(said.json, dict)


def test_a_traceback_shows_only_with_debug(digest: Digest, mornings: Path) -> None:
    said = digest("send", "--newsletter", "evening")
    assert said.code == 2
    assert said.err == "digest: no newsletter 'evening' is configured; known are morning\n"
    with pytest.raises(Exception, match="evening"):
        digest("send", "--newsletter", "evening", "--debug")


def test_a_fault_of_our_own_is_told_in_one_line_too(
    digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("digest.store.stories.Stories.count", broken)
    said = digest("status")
    assert said.code == 1
    assert said.err.startswith("digest: internal fault: ZeroDivisionError: by zero")


@pytest.mark.parametrize("secret", [" ", "short"])
def test_a_signing_secret_that_anybody_could_guess_is_refused(
    digest: Digest, mornings: Path, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGEST_SITE__SECRET", secret)
    said = digest("subscribe", "ada@example.com")
    assert said.code == 2
    assert "at least 32 characters" in said.err


def test_what_is_kept_of_readers_is_readable_by_its_owner_alone(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    digest("unsubscribe", "ada@example.com")
    assert digest("db", "backup", "backup.db").code == 0
    for file in (*(mornings / "var").iterdir(), mornings / "backup.db"):
        assert file.stat().st_mode & 0o077 == 0, file


def test_init_asks_nothing_and_names_every_next_step(digest: Digest, tmp_path: Path) -> None:
    said = digest("init", "mornings")
    assert said.code == 0
    steps = said.err.split("next:")[1]
    for step in (
        "cd mornings",
        "config/digest.toml",
        "doctor",
        "collect",
        "preview",
        "subscribe",
        "send",
        "run",
    ):
        assert step in steps
    assert (tmp_path / "mornings/var/secret").stat().st_mode & 0o077 == 0
    again = digest("init", "mornings")
    assert again.code == 2
    assert "nothing was changed" in again.err
    (tmp_path / "mornings/config/digest.toml").unlink()
    assert "kept mornings/var/secret" in digest("init", "mornings").err


def test_a_port_that_is_taken_is_named_with_its_key(
    digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("DIGEST_WEB__PORT", str(port))
        said = digest("web")
    assert said.code == 1
    assert said.err == (
        f"digest: 127.0.0.1:{port} is in use: stop what listens there, or set web.port otherwise\n"
    )


def test_a_folder_that_cannot_be_written_to_is_told_with_the_cure(digest: Digest, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    said = digest("init", str(tmp_path / "file"))
    assert said.code == 2
    assert "digest.toml cannot be made: Not a directory; name a folder you may write to" in said.err
