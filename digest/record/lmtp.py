"""A port that takes returned mail: LMTP (RFC 2033), for an MTA that delivers a mailbox or a domain to us.

A mail is answered for when it is recorded; until then it stays in the MTA's queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from digest.hosts import taken
from digest.logs import event
from digest.record.bounces.understanding import AT_ONCE, READ

LARGEST = 10_000_000  # bytes


@asynccontextmanager
async def taking(host: str, port: int, take: Callable[[Sequence[bytes]], object]) -> AsyncIterator[int]:
    """Give mails to `take`, in a thread of its own, as long as this is open; gives the port.

    Those that come while it is at work are given together: one wait for the disk is enough for them.
    Raises DigestError where the port is taken.
    """
    loop, handler = asyncio.get_running_loop(), _Handler(take)

    def answer() -> LMTP:
        return LMTP(handler, data_size_limit=LARGEST, hostname="localhost", ident="digest", loop=loop)

    try:
        server = await loop.create_server(answer, host, port)
    except OSError as error:
        raise taken(error, host, port, "set returns.lmtp otherwise") from error
    worker = asyncio.create_task(handler.work())
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        worker.cancel()


class _Handler:
    """aiosmtpd finds these hooks by name, hence the capitals."""

    def __init__(self, take: Callable[[Sequence[bytes]], object]) -> None:
        self._take = take
        self._waiting: asyncio.Queue[tuple[bytes, asyncio.Future[bool]]] = asyncio.Queue()

    async def work(self) -> None:
        """Take what waits, again and again."""
        while True:
            some = [await self._waiting.get()]
            while len(some) < AT_ONCE and not self._waiting.empty():
                some.append(self._waiting.get_nowait())
            failed = await self._tried([raw for raw, _ in some])
            for _, answer in some:
                if not answer.done():  # whoever brought it may be gone
                    answer.set_result(failed)

    async def _tried(self, mails: Sequence[bytes]) -> bool:
        try:
            await asyncio.to_thread(self._take, mails)
        except Exception as error:  # they stay with the mail server
            event("returns.failed", fault=error, reason="returned mails were not recorded")
            return True
        return False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        # LMTP answers for each recipient after the text, aiosmtpd once for all: so there is one.
        if envelope.rcpt_tos:
            return "452 4.5.3 one recipient at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content
        assert content is not None
        # The address it came to may be all that names the reader, and its header may not have it.
        head = f"X-Original-To: {envelope.rcpt_tos[0]}\r\n".encode("ascii", "replace")
        failed = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((head + content[:READ], failed))
        return "451 4.3.0 not recorded; try again later" if await failed else "250 2.0.0 OK: recorded"
