"""`digest inbox`: a mail catcher for development."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from digest.cli.app import command
from digest.cli.console import say
from digest.cli.signals import stop_on_signals


@command("inbox")
def inbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="SMTP port.")] = 1025,
    web_port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the pages.")] = 8025,
) -> int:
    """Catch mail: SMTP on loopback, and pages to read what came; nothing leaves this machine.

    \b
    Example: digest inbox
    """
    asyncio.run(_inbox(port, web_port))
    return 0


async def _inbox(port: int, web_port: int) -> None:
    from digest.inbox.server import Inbox

    async with Inbox(smtp_port=port, web_port=web_port) as running:
        say(f"SMTP at {running.smtp_url}, pages at {running.web_url}/; stop with Ctrl-C")
        await stop_on_signals().wait()
