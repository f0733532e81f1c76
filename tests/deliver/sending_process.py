"""A sender as a process of its own, to be killed: python -m tests.deliver.sending_process STORE PORT"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence

from digest.deliver.loop import run
from digest.deliver.options import Options, Relay, Tls
from digest.deliver.sender import send
from digest.model import Letter
from digest.store.ledger import open_ledger
from tests.moment import ISSUED

BODY = b"\r\n" + 40 * (b"The news of the morning, line after line." + b"\r\n")


class Composer:
    async def prepare(self, letters: Sequence[Letter]) -> Sequence[Letter]:
        return letters

    def sender(self, letter: Letter) -> str:
        return "news@example.com"

    def body(self, letter: Letter) -> bytes:
        return (
            b"Message-ID: <%b@news.example.com>\r\nTo: %b\r\n" % (letter.ref, letter.address.encode()) + BODY
        )


async def main(store: str, port: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    ledger = await open_ledger(store, ISSUED)
    print("ready", flush=True)
    relay = Relay("127.0.0.1", port, Tls.NEVER)
    options = Options(stop_grace=5, local_hostname="sender.example.com")
    try:
        report = await send(ledger, [relay], Composer(), lambda: float(ISSUED + 1), options, stop=stop)
    finally:
        await ledger.close(ISSUED + 1)
    print(report.accepted, flush=True)


if __name__ == "__main__":
    run(main(sys.argv[1], int(sys.argv[2])))
