"""`digest` as a process of its own, the way people and cron start it, at noon."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.at_noon import ENVIRONMENT
from tests.cli.conftest import CONFIG


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "tests.at_noon", *args]


def run(folder: Path, *args: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*args),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env=environment(),
    )


@contextmanager
def started(folder: Path, *args: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """A command that stays, and is ended at the latest with the test."""
    with subprocess.Popen(
        command(*args),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(), **env},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def environment() -> dict[str, str]:
    """Nothing of the tester's own but where to find programs, a home, and what makes it noon."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | ENVIRONMENT


def configure(folder: Path, port: int, **settings: str) -> None:
    """The configuration of tests/cli, with this mail server and more of it."""
    (folder / "config").mkdir(exist_ok=True)
    text = CONFIG.replace("127.0.0.1:9", f"127.0.0.1:{port}")
    for table, lines in settings.items():
        text = (
            text.replace(f"[{table}]\n", f"[{table}]\n{lines}\n")
            if f"[{table}]\n" in text
            else f"{text}[{table}]\n{lines}\n"
        )
    (folder / "config" / "digest.toml").write_text(text, encoding="utf-8")
