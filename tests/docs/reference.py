"""Writes the pages of docs/ that are made from the program: `make docs` runs it, a test keeps them true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from digest.cli.app import app, register
from digest.resources import resource

DOCS = Path(__file__).parents[2] / "docs"
WIDTH = 80
COMMON = {"--config", "--quiet", "--no-progress", "--debug", "--help"}


def commands() -> Iterator[tuple[str, TyperCommand]]:
    """Every command by its words, in the order of `digest --help`."""
    register()
    yield from _below("digest", get_command(app))


def _below(words: str, command: Any) -> Iterator[tuple[str, TyperCommand]]:
    if not isinstance(command, TyperGroup):
        yield words, command
        return
    for name, below in command.commands.items():
        yield from _below(f"{words} {name}", below)


def help_of(words: str, command: TyperCommand) -> str:
    """What `--help` says, without the options that every command has."""
    context = command.make_context(words, [], resilient_parsing=True, terminal_width=WIDTH)
    told = command.get_help(context)
    head, _, options = told.partition("\nOptions:\n")
    own = [one for one in re.split(r"\n(?=  -)", options) if not COMMON & set(re.findall(r"--[\w-]+", one))]
    return "\n".join([head.strip(), "", "Options:", *own] if own else [head.strip()])


def commands_page() -> str:
    """docs/commands.md"""
    parts = [f"## {words}\n\n```text\n{help_of(words, command)}\n```\n" for words, command in commands()]
    return "\n".join([HEAD, *parts])


def configuration_page() -> str:
    """docs/configuration.md"""
    example = resource("config/digest.toml").read_text(encoding="utf-8")
    return f"{CONFIGURATION}\n```toml\n{example}```\n"


HEAD = """# Commands

<!-- Made by `make docs` from what the commands say themselves. -->

Every command has `--help` with an example, and takes:

| option | what it does |
|---|---|
| `--config FILE` | the configuration; else `DIGEST_CONFIG`, else `config/digest.toml` |
| `--quiet`, `-q` | say nothing unless something is wrong: for cron |
| `--no-progress` | no progress bar; without a terminal, or with `NO_COLOR`, there are none, nor colours |
| `--debug` | show where in the code an error came from |

Results go to stdout, everything else to stderr; with `--json` stdout is one JSON document. Every command
works without a running service. `digest --install-completion` teaches your shell the words,
`--show-completion` prints them.

| exit code | means |
|---|---|
| 0 | done |
| 1 | the work failed; one line on stderr says why |
| 2 | wrong usage or configuration; the line names file, key and what would be right |
| 3 | partly done: some readers, lines or sources failed, or the run is paused |
| 130 | interrupted |
"""

CONFIGURATION = """# Configuration

<!-- Made by `make docs` from config/digest.toml. -->

One file, `config/digest.toml`, read once at the start. `digest init` writes it with every key
explained; `digest doctor` says what is missing. A wrong key is refused with the file, the key and what would
be right.

* The working folder is the one that holds `config/`; relative paths start there.
* Any key of a plain table can come from the environment: `DIGEST_SMTP__URL` goes before `smtp.url`.
* Secrets come from the environment alone: see [Security](security.md).
* Times are written `"90s"`, `"15m"`, `"12h"`, `"2d"`, or as a number of seconds; hours are quarter hours.
* Required: `slug`, `title` and `from` of a newsletter. Any other key may be left out and has the value shown.
"""

PAGES = {"commands.md": commands_page, "configuration.md": configuration_page}

if __name__ == "__main__":
    for name, made in PAGES.items():
        (DOCS / name).write_text(made(), encoding="utf-8")
