"""A web server on loopback that does as it is told, rightly or wrongly, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field

Headers = Mapping[str, str]
Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Asked:
    """One request: its path and its headers, names in lower case."""

    path: str
    headers: dict[str, str]


@dataclass
class Site:
    """Paths and what they answer: a page, or a script that writes to the connection as it likes."""

    port: int = 0
    connections: int = 0
    asked: list[Asked] = field(default_factory=list)
    _scripts: dict[str, Script] = field(default_factory=dict)
    _validators: dict[str, str] = field(default_factory=dict)
    _open: set[asyncio.Future[None]] = field(default_factory=set)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    def page(self, path: str, body: bytes = b"", status: int = 200, headers: Headers | None = None) -> None:
        """Answer with this body; 304 to who names the page's ETag."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(response(status, body, headers))

        self._scripts[path] = answer
        self._validators[path] = (headers or {}).get("etag", "")

    def script(self, path: str, script: Script) -> None:
        self._scripts[path] = script

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(asyncio.ensure_future(self._converse(reader, writer)))

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError), closing(writer):
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(head, writer)
                await writer.drain()

    async def hang_up(self) -> None:
        """Leave every conversation where it is."""
        for conversation in self._open:
            conversation.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        path = first.split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.asked.append(Asked(path, headers))
        if headers.get("if-none-match") == self._validators.get(path, "") != "":
            writer.write(response(304, b"", {}))
        elif path in self._scripts:
            await self._scripts[path](writer)
        else:
            writer.write(response(404, b"nothing here", {}))


def response(status: int, body: bytes, headers: Headers | None) -> bytes:
    """A whole answer, its length told unless the headers say otherwise."""
    told = {"content-length": str(len(body)), **(headers or {})}
    if "transfer-encoding" in told or status == 304:
        del told["content-length"]
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + body


@asynccontextmanager
async def open_site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        await site.hang_up()
