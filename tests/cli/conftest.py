"""Commands as a person types them, in an empty folder, against a real mail server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer import testing
from typer.main import get_command
from typer.testing import CliRunner

from digest.cli.app import app, register
from digest.deliver.options import Options
from digest.settings import Settings
from digest.wiring import delivery_options, sending
from tests.at_noon import at_noon
from tests.noon import noon

__all__ = ["noon"]

# Made anew for each invocation, the sixty commands take longer than most of them run.
testing._get_command = cache(get_command)  # type: ignore[attr-defined]  # where the runner looks it up


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout, which must be one JSON document."""
        return json.loads(self.out)


Digest = Callable[..., Said]


@pytest.fixture
def digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Digest:
    """Run a command in an empty folder. A mail server that is away is given up after little patience, and no
    resolver is asked for the name of this machine, which takes seconds where there is no network.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sending, "delivery_options", quick_options)
    register()

    def run(*args: str, stdin: str | bytes | None = None) -> Said:
        result = CliRunner().invoke(app, args, input=stdin, prog_name="digest")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return run


def quick_options(settings: Settings) -> Options:
    """As configured, but for what takes time."""
    return replace(delivery_options(settings), patience=0.05, local_hostname="sender.example.com")


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `mornings` gives it, made once."""
    folder = tmp_path_factory.mktemp("newsroom")
    (folder / "config").mkdir()
    (folder / "config" / "digest.toml").write_text(CONFIG, encoding="utf-8")
    register()
    with contextlib.chdir(folder), at_noon():
        lines = "".join(f"{json.dumps(one)}\n" for one in today())
        Path("today.jsonl").write_text(lines, encoding="utf-8")
        assert CliRunner().invoke(app, ["import", "today.jsonl", "--quiet"]).exit_code == 0
    return folder


@pytest.fixture
def mornings(digest: Digest, newsroom: Path, tmp_path: Path) -> Path:
    """A configuration with one newsletter, three stories of today and a mail server that is not there."""
    shutil.copytree(newsroom, tmp_path, dirs_exist_ok=True)
    return tmp_path


CONFIG = """
[site]
name = "The Morning Tide"
url = "https://digest.example.com"
postal_address = "1 Quay Street, Example Town"
[smtp]
url = "smtp://127.0.0.1:9"
[[newsletters]]
slug = "morning"
title = "The Morning Tide"
from = "The Morning Tide <news@example.com>"
sections = ["World", "Sport"]
"""


def today() -> list[dict[str, Any]]:
    """Three stories that came this hour."""
    published = (datetime.now(UTC) - timedelta(minutes=30)).isoformat()
    titles = {
        "bridge": "Bridge opens a year early",
        "ferry": "Ferries go quiet",
        "cup": "Village wins the cup",
    }
    return [
        {
            "id": name,
            "url": f"https://news.example.com/{name}",
            "title": title,
            "section": "Sport" if name == "cup" else "World",
            "published_at": published,
            "lead": f"{title}, to the surprise of nobody who had watched the work go on all winter.",
        }
        for name, title in titles.items()
    ]


class MailServer:
    """The built-in inbox in a thread of its own, so that commands may run their own event loop."""

    def __enter__(self) -> MailServer:
        self._ready, self._thread = threading.Event(), threading.Thread(target=self._serve)
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _serve(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        from digest.inbox.mailbox import Mailbox
        from digest.inbox.smtp import Catcher, wall_clock

        self.mailbox = Mailbox()
        catcher = Catcher(self.mailbox, "127.0.0.1", 0, wall_clock)
        await catcher.start()
        self.port, self._loop, self._stop = catcher.port, asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        await catcher.stop()

    def addresses(self) -> list[str]:
        """To whom mails came, in order of address."""
        return sorted(address for mail in self.mailbox for address in mail.rcpt)


@pytest.fixture
def mail_server(mornings: Path) -> Iterator[MailServer]:
    """A mail server that takes everything, named in the configuration."""
    with MailServer() as server:
        file = mornings / "config" / "digest.toml"
        file.write_text(file.read_text().replace("127.0.0.1:9", f"127.0.0.1:{server.port}"))
        yield server
