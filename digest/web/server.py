"""The pages' server, in the running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from digest.hosts import taken
from digest.logs import event
from digest.web.app import create, desk_alone
from digest.web.asking import settle
from digest.web.site import Site

if TYPE_CHECKING:
    from digest.wiring import App

SETTLE_EVERY = 0.5  # seconds; a mail to confirm is in the outbox by then, and no answer waits for it


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the command, which ends everything in order."""
        yield


@contextlib.asynccontextmanager
async def serving(app: App) -> AsyncIterator[str]:
    """Serve the pages while this is open; gives their address. Raises DigestError where a port is taken.

    The desk has an address of its own where the configuration says so.
    """
    web = app.settings.web
    pages = create(app)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(app.children)
        address = await stack.enter_async_context(_served(app, pages, web.host, web.port, "web.port"))
        if app.settings.desk.listen:
            await stack.enter_async_context(
                _served(app, desk_alone(app), *app.settings.desk.listen, "desk.listen")
            )
        settling = asyncio.create_task(_settle_forever(pages.state.site))
        try:
            yield address
        finally:
            settling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await settling


@contextlib.asynccontextmanager
async def _served(app: App, pages: FastAPI, host: str, port: int, key: str) -> AsyncIterator[str]:
    proxies = list(app.settings.web.trusted_proxies)
    config = uvicorn.Config(
        pages,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
    )
    server = _Server(config)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        sock = socket.create_server((host, port), family=family)
    except OSError as error:
        raise taken(error, host, port, f"set {key} otherwise") from error
    task = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        yield f"http://{host}:{sock.getsockname()[1]}/"
    finally:
        if hasattr(pages.state, "desk"):
            pages.state.desk.closing = True  # its streams must end, or the server would wait for them
        server.should_exit = True
        await task


async def _settle_forever(site: Site) -> None:
    """Look again and again at what was asked for, this process's pages or another's, and keep the counts."""
    while True:
        try:
            await asyncio.to_thread(settle, site, site.clock())
            if counted := site.tally.taken():
                await asyncio.to_thread(site.app.clicks.add, counted)
        except Exception as error:  # whatever it is, it must not end the loop: the rest can wait no longer
            event("pages.failed", fault=error)
        await asyncio.sleep(SETTLE_EVERY)
