"""The mail catcher whole: its SMTP server and its pages, in the running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import uvicorn

from digest.hosts import taken
from digest.inbox.mailbox import Mailbox
from digest.inbox.pages import pages
from digest.inbox.smtp import Catcher, Clock, wall_clock


class Inbox:
    """`async with Inbox() as inbox:` listens from the first line to the last; ports 0 take free ones.

    Raises DigestError where a port is taken. What was caught is forgotten with the object.
    """

    def __init__(
        self, host: str = "127.0.0.1", smtp_port: int = 0, web_port: int = 0, clock: Clock = wall_clock
    ) -> None:
        self.host = host
        self.mailbox = Mailbox()
        self._catcher = Catcher(self.mailbox, host, smtp_port, clock)
        self._asked_smtp_port = smtp_port
        self._asked_web_port = web_port

    @property
    def smtp_port(self) -> int:
        return self._catcher.port

    @property
    def web_port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def smtp_url(self) -> str:
        return f"smtp://{_in_url(self.host)}:{self.smtp_port}"

    @property
    def web_url(self) -> str:
        """Address of the list of mails, without a slash at the end."""
        return f"http://{_in_url(self.host)}:{self.web_port}"

    async def __aenter__(self) -> Self:
        try:
            await self._catcher.start()
        except OSError as error:
            raise taken(error, self.host, self._asked_smtp_port, "name another SMTP port") from error
        try:
            # Bound and listening before uvicorn runs, so that there is nothing to wait for.
            self._socket = _listen(self.host, self._asked_web_port)
        except OSError as error:
            await self._catcher.stop()
            raise taken(error, self.host, self._asked_web_port, "name another port for the pages") from error
        self._web = _web_server(self)
        self._serving = asyncio.create_task(self._web.serve(sockets=[self._socket]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._web.should_exit = True
        await self._serving
        await self._catcher.stop()


class _WebServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the command that runs the inbox, not to one of its servers."""
        yield


def _web_server(inbox: Inbox) -> uvicorn.Server:
    config = uvicorn.Config(
        pages(inbox.mailbox, inbox.smtp_url),
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return _WebServer(config)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
