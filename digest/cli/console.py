"""How commands speak: data on stdout, everything else on stderr, progress only to a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import typer

from digest.cli.app import common


def out(text: str = "") -> None:
    """A line of the command's result."""
    typer.echo(text)


def say(text: str) -> None:
    """A line about the work, for people; nothing with --quiet."""
    if not common().quiet:
        typer.echo(text, err=True)


def warn(text: str) -> None:
    """A line that must be read."""
    typer.echo(f"digest: {text}", err=True)


def one_line(text: str, limit: int = 200) -> str:
    """A server's words, however many lines it took, short enough for a list."""
    words = " ".join(text.split())
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def out_json(value: Any) -> None:
    """One JSON document, and nothing else, on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


def stdin_or(file: str) -> BinaryIO:
    """A file to read; - is stdin."""
    return sys.stdin.buffer if file == "-" else Path(file).open("rb")


def now() -> datetime:
    """The time this command works with: where commands read the wall clock."""
    return datetime.now(UTC)


def on_terminal() -> bool:
    """Whether a person is reading."""
    return sys.stdout.isatty() and sys.stdin.isatty()


class Bar(Protocol):
    """A bar that is moved on."""

    def __call__(self, done: int, total: int, note: str) -> None: ...


@contextmanager
def progress(title: str) -> Iterator[Bar]:
    """A bar with rate and time left on a terminal, a line now and then elsewhere, nothing with --quiet."""
    if common().quiet:
        yield lambda _done, _total, _note: None
    elif not common().no_progress and sys.stderr.isatty() and "NO_COLOR" not in os.environ:
        with _rich_bar(title) as bar:
            yield bar
    else:
        yield _Lines(title)


@contextmanager
def _rich_bar(title: str) -> Iterator[Bar]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:.0f}/s")

    columns = (
        TextColumn(title),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(title, total=None, note="")
        yield lambda done, total, note: shown.update(task, completed=done, total=total, note=note)


class _Lines:
    """Progress as plain lines, one each tenth of the way."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._told = -1

    def __call__(self, done: int, total: int, note: str) -> None:
        tenth = done * 10 // total if total else 0
        if not common().no_progress and tenth > self._told and total:
            self._told = tenth
            say(f"{self._title} {done} of {total}{note and f': {note}'}")
