"""A relay bound by latency: it answers each mail after a while, and costs little CPU.

python -m tests.bench.slow_sink MILLISECONDS      prints its port; at the end, how many mails it took
"""

from __future__ import annotations

import asyncio
import signal
import sys

HELLO = b"250-sink.example.org\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
ANSWERS = {b"EHLO": HELLO, b"DATA": b"354 go on\r\n", b"QUIT": b"221 2.0.0 Bye\r\n"}
taken = 0


class Sink(asyncio.Protocol):
    """Keeps the last bytes alone, to see where a mail ends."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.buffer = b""
        self.in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink.example.org ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            line, found, rest = self.buffer.partition(end)
            if not found:
                if self.in_data:
                    self.buffer = self.buffer[-4:]
                return
            self.buffer = rest
            if self.in_data:
                self.mail()
            else:
                self.command(line[:4].upper())

    def mail(self) -> None:
        global taken  # noqa: PLW0603  the one thing this process is asked for at its end
        taken += 1
        self.in_data = False
        asyncio.get_running_loop().call_later(self.delay, self.transport.write, b"250 2.0.0 Ok\r\n")

    def command(self, verb: bytes) -> None:
        self.in_data = verb == b"DATA"
        answer = ANSWERS.get(verb, b"250 2.0.0 Ok\r\n")
        # In the order of the commands: what follows a mail is answered after it.
        asyncio.get_running_loop().call_later(self.delay, self.transport.write, answer)


async def main(delay: float) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(lambda: Sink(delay), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    print(taken, flush=True)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) / 1000))
