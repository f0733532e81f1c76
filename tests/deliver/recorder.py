"""A relay as a process of its own: writes each mail it takes to a file before it says 250.

    python -m tests.deliver.recorder FILE      prints its port

One line a mail: address and Message-ID.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TextIO

HELLO = b"250-recorder.example.org\r\n250-PIPELINING\r\n250 8BITMIME\r\n"


class Recorder(asyncio.Protocol):
    def __init__(self, record: TextIO) -> None:
        self.record = record
        self.buffer = b""
        self.address = b""
        self.in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 recorder.example.org ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        answers = []
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            part, found, rest = self.buffer.partition(end)
            if not found:
                break
            self.buffer = rest
            answers.append(self.mail(part) if self.in_data else self.command(part))
        self.transport.write(b"".join(answers))

    def mail(self, text: bytes) -> bytes:
        self.in_data = False
        message_id = text.partition(b"Message-ID: ")[2].partition(b"\r\n")[0]
        self.record.write(f"{self.address.decode()} {message_id.decode()}\n")
        self.record.flush()
        return b"250 2.0.0 Ok: recorded\r\n"

    def command(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"RCPT":
            self.address = line.partition(b"<")[2].partition(b">")[0]
        if verb == b"DATA":
            self.in_data = True
            return b"354 go on\r\n"
        if verb == b"QUIT":
            return b"221 2.0.0 Bye\r\n"
        return HELLO if verb == b"EHLO" else b"250 2.0.0 Ok\r\n"


async def main(path: Path) -> None:
    with path.open("a") as record:
        server = await asyncio.get_running_loop().create_server(lambda: Recorder(record), "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
