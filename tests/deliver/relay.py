"""A mail server that misbehaves on request, and remembers every mail it took."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import struct
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from digest.deliver.options import Relay, Tls

EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 10000000", "DSN")
MESSAGE_ID = re.compile(rb"^Message-ID: (.*)\r$", re.MULTILINE)


@dataclass
class Fault:
    """What goes wrong: at a step, for every nth that comes there, so many times.

    `does` is a reply to give instead ("451 4.3.0 later"), or one of: close, reset, silence, half (of a reply,
    then close), bytewise, long (a line without end), garbage, twice (each answer two times), late.
    With `taken` the mail counts as accepted although the answer is bad. "421…" also closes.
    """

    step: str  # connect, greeting, ehlo, helo, starttls, auth, mail, rcpt, data, dot, rset, quit
    does: str
    every: int = 1
    times: int = 1_000_000
    taken: bool = False
    mail: int = 0  # only when so many mails were taken on this connection
    met: int = 0
    hit: int = 0
    readers: set[str] = field(default_factory=set)  # whose mails met it

    def strikes(self, step: str, reader: str, mails: int) -> bool:
        if step != self.step or mails < self.mail:
            return False
        self.met += 1
        if self.hit >= self.times or self.met % self.every:
            return False
        self.hit += 1
        self.readers.add(reader)
        return True


class BadRelay:
    """Takes mail for anyone, but for its fault. Counts; never lies about what it took."""

    def __init__(self, fault: Fault | None = None, extensions: tuple[str, ...] = EXTENSIONS) -> None:
        self.fault = fault
        self.extensions = extensions
        self.port = 0
        self.taken: list[tuple[str, bytes]] = []  # address and Message-ID, in order
        self.mails: list[bytes] = []
        self.taken_at: list[float] = []
        self.commands: list[str] = []
        self.pipelined = False  # a command came before the last one was answered
        self.open = self.max_open = self.connections = 0
        self.tls: ssl.SSLContext | None = None  # for STARTTLS
        self.implicit: ssl.SSLContext | None = None  # from the first byte
        self._taken = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def has_taken(self, mails: int) -> None:
        """Wait until it has taken so many."""
        while len(self.taken) < mails:
            self._taken.clear()
            await self._taken.wait()

    @property
    def copies(self) -> Counter[str]:
        return Counter(address for address, _ in self.taken)

    def settings(self, *, tls: Tls = Tls.NEVER, **settings: Any) -> Relay:
        return Relay("127.0.0.1", self.port, tls, **settings)

    def noticed(self) -> None:
        self._taken.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[BadRelay]:
        server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, limit=2**22, ssl=self.implicit
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.open += 1
        self.connections += 1
        self.max_open = max(self.max_open, self.open)
        try:
            await Conversation(self, reader, writer).hold()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass  # either side may leave at any time
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.close()


class Over(ConnectionError):
    """The server ended the conversation."""


class Conversation:
    def __init__(self, relay: BadRelay, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.relay = relay
        self.reader = reader
        self.writer = writer
        self.mails = 0
        self.sender: str | None = None
        self.reader_address = ""

    async def hold(self) -> None:
        await self.answer("connect", "")
        await self.answer("greeting", "220 relay.example.org ESMTP")
        while line := await self.reader.readline():
            command = line.decode(errors="replace").strip()
            self.relay.commands.append(command)
            self.relay.pipelined |= b"\n" in self.reader._buffer  # type: ignore[attr-defined]  # StreamReader's own
            verb = command.split(" ")[0].upper()
            await getattr(self, f"do_{verb.lower()}", self.do_unknown)(command)

    async def do_unknown(self, command: str) -> None:
        await self.answer("unknown", f"500 5.5.1 {command[:10]}?")

    async def do_ehlo(self, _command: str) -> None:
        lines = ["relay.example.org", *self.relay.extensions]
        parts = [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]
        await self.answer("ehlo", "\r\n".join(parts))

    async def do_helo(self, _command: str) -> None:
        await self.answer("helo", "250 relay.example.org")

    async def do_starttls(self, _command: str) -> None:
        await self.answer("starttls", "220 2.0.0 go ahead")
        assert self.relay.tls
        await self.writer.start_tls(self.relay.tls)

    async def do_auth(self, _command: str) -> None:
        await self.answer("auth", "235 2.7.0 welcome")

    async def do_mail(self, command: str) -> None:
        self.sender = command
        if not await self.answer("mail", "250 2.1.0 Ok"):
            self.sender = None

    async def do_rcpt(self, command: str) -> None:
        self.reader_address = command.partition("<")[2].partition(">")[0]
        if self.sender is None:
            self.reader_address = ""
            await self.say("503 5.5.1 need MAIL first")
        elif not await self.answer("rcpt", "250 2.1.5 Ok"):
            self.reader_address = ""

    async def do_data(self, _command: str) -> None:
        if not self.reader_address:
            await self.say("554 5.5.1 no valid recipients")
            return
        if not await self.answer("data", "354 End data with <CR><LF>.<CR><LF>"):
            return
        body = await self.body()
        taken = await self.answer("dot", f"250 2.0.0 Ok: queued as {len(self.relay.taken):X}", body)
        self.sender, self.reader_address = None, ""
        if not taken:
            return

    async def body(self) -> bytes:
        lines = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                raise Over
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def take(self, body: bytes) -> None:
        found = MESSAGE_ID.search(body)
        self.mails += 1
        self.relay.taken.append((self.reader_address, found[1] if found else b""))
        self.relay.mails.append(body)
        self.relay.noticed()
        self.relay.taken_at.append(time.time())

    async def do_rset(self, _command: str) -> None:
        self.sender, self.reader_address = None, ""
        await self.answer("rset", "250 2.0.0 Ok")

    async def do_noop(self, _command: str) -> None:
        await self.answer("noop", "250 2.0.0 Ok")

    async def do_quit(self, _command: str) -> None:
        await self.answer("quit", "221 2.0.0 Bye")
        raise Over

    # ------------------------------------------------------------ answers, good and bad

    async def answer(self, step: str, usual: str, body: bytes | None = None) -> bool:
        """Give the usual answer, or the fault's. False when the step failed."""
        fault = self.relay.fault
        if fault is None or not fault.strikes(step, self.reader_address, self.mails):
            if body is not None:
                self.take(body)
            await self.say(usual)
            return True
        if body is not None and fault.taken:
            self.take(body)
        return await self.misbehave(fault.does, usual)

    async def misbehave(self, does: str, usual: str) -> bool:
        if does[:1].isdigit():
            await self.say(does)
            if does.startswith("421"):
                raise Over
            return False
        await getattr(self, f"fault_{does}")(usual)
        return True

    async def say(self, reply: str) -> None:
        if reply:
            self.writer.write(reply.encode() + b"\r\n")
            await self.writer.drain()

    async def fault_close(self, _usual: str) -> None:
        raise Over

    async def fault_reset(self, _usual: str) -> None:
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        raise Over

    async def fault_silence(self, _usual: str) -> None:
        await self.reader.read()  # until the client has left
        raise Over

    async def fault_half(self, usual: str) -> None:
        self.writer.write(usual.encode()[:2])
        raise Over

    async def fault_bytewise(self, usual: str) -> None:
        for byte in usual.encode() + b"\r\n":
            self.writer.write(bytes([byte]))
            await self.writer.drain()
            await asyncio.sleep(0)

    async def fault_long(self, _usual: str) -> None:
        await self.say("250-" + 100_000 * "x")

    async def fault_garbage(self, _usual: str) -> None:
        await self.say("how do you do")

    async def fault_twice(self, usual: str) -> None:
        await self.say(f"{usual}\r\n{usual}")

    async def fault_mute(self, usual: str) -> None:
        """The answer is lost; the command was obeyed."""

    async def fault_late(self, usual: str) -> None:
        await asyncio.sleep(0.05)
        await self.say(usual)
