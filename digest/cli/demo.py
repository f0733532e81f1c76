"""`digest demo`: the whole way of a story on this machine alone, with nothing set up."""

from __future__ import annotations

import asyncio
import io
import json
import os
import socket
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.cli.app import command
from digest.cli.console import now, on_terminal, out
from digest.cli.signals import stop_on_signals

if TYPE_CHECKING:
    from digest.inbox.mailbox import Received
    from digest.inbox.server import Inbox
    from digest.settings import Settings
    from digest.wiring import App

READER = "reader@example.com"
PICTURES = "https://news.example.com/pictures/"
PATIENCE = 20  # seconds for one mail over loopback


@command("demo")
def demo(
    once: Annotated[bool, typer.Option("--once", help="End when the mail has come.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the pages; 0 takes a free one.")] = 0,
) -> int:
    """Show a digest of invented headlines; nothing to set up.

    They are collected, composed, sent by SMTP to a built-in inbox, and shown.

    \b
    Example: digest demo
    """
    stay = not once and on_terminal()
    asyncio.run(_demo(stay, port))
    return 0


async def _demo(stay: bool, port: int) -> None:
    from digest import wiring
    from digest.inbox.server import Inbox
    from digest.web.server import serving

    with tempfile.TemporaryDirectory(prefix="digest-demo-") as folder:
        async with Inbox(web_port=port) as inbox:
            with wiring.opened(_settings(Path(folder), inbox)) as app:
                received = await _morning(app, inbox)
                _print(received)
                _where_next(inbox, received, stay)
                if stay:
                    async with serving(app):  # so that the mail's own links lead somewhere
                        await stop_on_signals().wait()


async def _morning(app: App, inbox: Inbox) -> Received:
    """From stored headlines to the inbox: collect, issue, deliver."""
    from digest.addresses import accept
    from digest.collect.files import parse_file
    from digest.collect.harvest import with_leads
    from digest.model import Order
    from digest.steps.by_hand import issue_by_hand
    from digest.steps.collecting import take_in
    from digest.steps.joining import join
    from digest.steps.sending import send_due
    from digest.summarise import summarise

    started, newsletter = now(), app.newsletters[0]
    with _headlines(started, inbox) as stream:
        for harvest in parse_file("headlines.jsonl", stream):
            take_in(app.service, "sample", with_leads(harvest, summarise), started, keep_first=None)
    order = Order(newsletter.zone, newsletter.send_at, newsletter.days)
    join(app.joining, accept(READER), newsletter, order, "demo", True, started)
    issue_by_hand(app.service, newsletter, started.date(), now(), everyone=True, approve=True)
    await send_due(app.post)
    async with asyncio.timeout(PATIENCE):
        await inbox.mailbox.wait(1)
    return next(iter(inbox.mailbox))


def _settings(folder: Path, inbox: Inbox) -> Settings:
    """A newspaper that exists nowhere, with the built-in inbox for a mail server."""
    from digest.settings import check

    port = _free_port()
    tables: dict[str, Any] = {
        "folder": folder,
        "web": {"port": port},
        "site": {
            "name": "The Morning Tide",
            "url": f"http://127.0.0.1:{port}",
            "postal_address": "The Morning Tide, 1 Quay Street, Example Town",
        },
        "smtp": {"url": inbox.smtp_url},
        "newsletters": [
            {
                "slug": "morning",
                "title": "The Morning Tide",
                "from": "The Morning Tide <news@example.com>",
                "sections": _sections(),
                "max_stories": 20,
            }
        ],
    }
    return check(tables, "the demo")


def _free_port() -> int:
    """A port for the reader's pages, whose address goes into the mail before they are served."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _sample() -> list[dict[str, Any]]:
    from digest.resources import resource

    lines = resource("config/sample/headlines.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _sections() -> list[str]:
    return list(dict.fromkeys(story["section"] for story in _sample() if not story.get("promoted")))


def _headlines(today: datetime, inbox: Inbox) -> io.BytesIO:
    """The sample as a file of today: dates moved by whole days, pictures where the pages serve them."""
    stories = _sample()
    newest = max(datetime.fromisoformat(story["published_at"]) for story in stories)
    moved = timedelta(days=(today.date() - newest.date()).days)
    moved -= timedelta(days=1) if newest + moved > today else timedelta()
    for story in stories:
        story["published_at"] = (datetime.fromisoformat(story["published_at"]) + moved).isoformat()
        if story.get("image"):
            story["image"]["url"] = story["image"]["url"].replace(
                PICTURES, f"{inbox.web_url}/sample/pictures/"
            )
    return io.BytesIO("\n".join(map(json.dumps, stories)).encode())


def _print(received: Received) -> None:
    """The digest, readable in a terminal."""
    from rich.console import Console

    from digest.inbox.mail import open_mail
    from digest.inbox.terminal import readable

    plain = bool(os.environ.get("NO_COLOR"))
    Console(highlight=False, color_system=None if plain else "auto").print(
        readable(open_mail(received.raw)), soft_wrap=True
    )


def _where_next(inbox: Inbox, received: Received, stay: bool) -> None:
    out()
    out(f"That mail went over SMTP to a built-in inbox ({len(received.raw) / 1024:.0f} KiB).")
    if stay:
        out(f"See it as a reader does:  {inbox.web_url}/")
        out("Stop with Ctrl-C.")
    else:
        out("See it in a browser:      digest demo   (in a terminal, it stays)")
    out("Your own:                 digest init    then name your feeds in config/digest.toml")
    out("Today's edition:          digest preview --open")
    out("Send it once by hand:     digest send")
    out("Every morning:            digest run")
