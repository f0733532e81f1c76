"""What the docs show works: commands are known, configurations are valid, the quick start runs."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from digest.cli.app import app, register
from digest.errors import ConfigError
from digest.settings import check
from tests.cli.conftest import Digest, MailServer, digest
from tests.docs.reference import DOCS
from tests.noon import noon

__all__ = ["digest", "noon"]

PAGES = [*sorted(DOCS.glob("*.md")), *(DOCS.parent / name for name in ("README.md", "CONTRIBUTING.md"))]
MADE = {"commands.md", "configuration.md"}
BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
ELSEWHERE = {"words"}  # a table of digest/record, shown to be added to
NEEDED = {
    "newsletters": {"slug": "morning", "title": "News", "from": "news@example.com"},
    "sources": {"name": "world"},
}


def blocks(*languages: str) -> Iterator[tuple[str, str]]:
    """Name of the page, and text, of every block in one of these languages ("" for none)."""
    for page in PAGES:
        for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
            if language in languages and page.name not in MADE:
                yield page.name, text


def configurations() -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in blocks("toml") if not ELSEWHERE & tomllib.loads(text).keys())


def lines() -> Iterator[tuple[str, str]]:
    """Every command line of ours that is shown, in a block or in the middle of a sentence."""
    for name, text in blocks("", "sh"):
        for line in text.splitlines():
            for command in re.findall(r"(?:^|&& |\| |\|)(digest (?!\|)[^|&>#\\]*)", line.strip()):
                yield name, command.strip()
    for page in PAGES:
        if page.name not in MADE:
            text = BLOCK.sub("", page.read_text(encoding="utf-8"))
            for command in re.findall(r"`(digest [^`\n…]+)`", text):
                yield page.name, command


@cache
def program() -> Any:
    """All commands; put together once, since it takes a while."""
    register()
    return get_command(app)


@pytest.mark.parametrize(("page", "line"), sorted(set(lines())))
def test_every_command_that_is_shown_is_one(page: str, line: str) -> None:
    words = [word for word in shlex.split(line)[1:] if not re.fullmatch(r"\[.*\]|\.\.\.", word)]
    command = program()
    while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
        assert words[0].rstrip(",") in command.commands, line
        command = command.commands[words.pop(0)]
    known = {"--help", "-h", *(option for one in command.params for option in one.opts)}
    assert {word.split("=")[0] for word in words if word.startswith("-") and word != "-"} <= known, line


@pytest.mark.parametrize(("page", "text"), sorted(set(configurations())))
def test_every_configuration_that_is_shown_is_valid(page: str, text: str) -> None:
    tables = tomllib.loads(text)
    for name, needed in NEEDED.items():
        for one in tables.get(name, []):
            one |= {key: value for key, value in needed.items() if key not in one}
    placed = [tables, *({name: [needed | tables]} for name, needed in NEEDED.items())]  # keys without a table
    refusals = []
    for whole in placed:
        try:
            check(whole, page)
        except ConfigError as error:
            refusals.append(str(error))
    assert len(refusals) < len(placed), refusals[0]


def test_the_quick_start_runs(digest: Digest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (DOCS / "quickstart.md").read_text(encoding="utf-8")
    story = re.search(r"^```json[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert story
    said = {}
    with MailServer() as server:
        monkeypatch.setenv("DIGEST_SMTP__URL", f"smtp://127.0.0.1:{server.port}")
        for language, block in BLOCK.findall(text):
            for line in block.splitlines() if language == "sh" else ():
                program, *words = shlex.split(line)
                if program == "cd":
                    monkeypatch.chdir(words[0])
                    Path("stories.jsonl").write_text(story[1])
                    file = Path("config/digest.toml")  # its feed is nobody's: nothing is asked of the net
                    file.write_text(file.read_text().replace("https://www.example.com", "http://127.0.0.1:9"))
                else:
                    said[line] = digest(*words)
        assert server.addresses() == ["you@example.com"]
    assert {line: one.code for line, one in said.items()} == {
        **dict.fromkeys(said, 0),
        "digest collect --source world": 3,  # a placeholder
        "digest doctor": 1,  # the same
    }
    assert "Bridge opens a year early" in said["digest preview"].out
    assert "you@example.com" not in said["digest status"].out
