"""Returned mail as the service takes it in: a mailbox that is read, a port that is listened at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from digest.cli.console import now
from digest.errors import ReturnsError
from digest.logs import event

if TYPE_CHECKING:
    from digest.wiring import App


def look_after(app: App, at: datetime) -> None:
    """Read the mailbox, if there is one, and see how we stand with the readers' domains."""
    from digest.record.imap import visit
    from digest.steps.guarding import guard

    box = app.mailbox()
    if box:
        try:
            visit(box, lambda mails: _take(app, mails))
            app.incidents.close("returns", at)
        except ReturnsError as error:
            event("returns.failed", wrong=True, reason=str(error))
            app.incidents.open("returns", "returned mail", str(error), at)
    guard(app.guarding, at)


@asynccontextmanager
async def taking_returns(app: App) -> AsyncIterator[int]:
    """Listen for returned mail, if a port is configured, as long as this is open; gives the port, else 0."""
    from digest.record.lmtp import taking

    if app.settings.returns.lmtp is None:
        yield 0
        return
    host, port = app.settings.returns.lmtp
    async with taking(host, port, lambda mails: _take(app, mails)) as listening:
        event("returns.listening", address=f"{host}:{listening}")
        yield listening


def _take(app: App, mails: Sequence[bytes]) -> list[bool]:
    from digest import pipeline

    results = pipeline.absorb(app.absorbing, (("", raw) for raw in mails), now())
    return [absorbed.applied for _, absorbed in results]
