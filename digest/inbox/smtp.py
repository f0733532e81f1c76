"""The SMTP server of the catcher, on aiosmtpd: takes every mail for every address into a mailbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP, Envelope, Session

from .mailbox import Mailbox

SIZE_LIMIT = 16 * 1024 * 1024
Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The time a mail came in: a fact of the outside world, which only this edge can know."""
    return datetime.now(UTC)


class Catcher:
    """Listens on `host`; `port` 0 takes a free one, and tells it after `start`.

    Offers SIZE, 8BITMIME, SMTPUTF8 and PIPELINING (RFC 2920: aiosmtpd reads commands one by one from a
    buffer it never flushes, so what was sent ahead is answered in its turn). No TLS and no AUTH.
    """

    def __init__(self, mailbox: Mailbox, host: str, port: int, clock: Clock = wall_clock) -> None:
        self.host = host
        self.port = port
        self._mailbox = mailbox
        self._clock = clock
        self._conversations: set[_Conversation] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._answer, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Takes no more mail and hangs up on those still connected."""
        assert self._server is not None
        self._server.close()
        for conversation in list(self._conversations):
            conversation.hang_up()
        await self._server.wait_closed()

    def _answer(self) -> _Conversation:
        return _Conversation(_Handler(self._mailbox, self._clock), self._conversations)


class _Conversation(SMTP):
    """One client's connection, known to the catcher as long as it lasts."""

    def __init__(self, handler: _Handler, open_ones: set[_Conversation]) -> None:
        super().__init__(
            handler,
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            hostname="localhost",  # the default asks the resolver: seconds, where there is no network
            ident="digest inbox",
            loop=asyncio.get_running_loop(),
        )
        self._open_ones = open_ones

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open_ones.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_ones.discard(self)
        super().connection_lost(error)

    def hang_up(self) -> None:
        assert self.transport is not None
        self.transport.close()


class _Handler:
    """aiosmtpd finds these hooks by name, hence the capitals."""

    def __init__(self, mailbox: Mailbox, clock: Clock) -> None:
        self._mailbox = mailbox
        self._clock = clock

    async def handle_EHLO(  # noqa: N802 - aiosmtpd finds it by this name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, replies: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*replies[:-1], "250-PIPELINING", replies[-1]]

    async def handle_DATA(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        # aiosmtpd gives the empty sender of a returned mail as its angle brackets.
        sender = "" if envelope.mail_from in {None, "<>"} else str(envelope.mail_from)
        content = envelope.original_content
        assert content is not None
        received = self._mailbox.add(self._clock(), sender, tuple(envelope.rcpt_tos), content)
        return f"250 2.0.0 OK: kept as mail {received.id}"
