"""One sender for the benches: python -m tests.bench.one_sender WAY STORE PORT

WAY is `digest` (this project's sender with its ledger), `prepared` (aiosmtplib, bytes made beforehand, no
ledger) or `message` (aiosmtplib, an EmailMessage for each reader, no ledger). Prints what it cost as JSON.
STORE is a path, a PostgreSQL URL, or for the ways without ledger the number of mails.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from importlib import import_module

import aiosmtplib

from digest.deliver.loop import run
from digest.deliver.options import Options, Relay, Tls
from digest.deliver.sender import send
from digest.model import Letter
from digest.render.splice import Splicer
from digest.store.ledger import open_ledger
from digest.tokens import Token, Tokens
from tests.bench.edition import choices, rendering
from tests.moment import ISSUED

CONNECTIONS = 20


class Composer:
    """Splices and signs as the service does, from a rendering that is at hand."""

    def __init__(self) -> None:
        self._splicer = Splicer(rendering())
        self._tokens = Tokens(["secret of the bench, nothing else"])

    async def prepare(self, letters: Sequence[Letter]) -> Sequence[Letter]:
        return letters

    def sender(self, letter: Letter) -> str:
        return "news@example.com"

    def body(self, letter: Letter) -> bytes:
        return self._splicer.mail(letter, *self._tokens.of_mail(letter.ref))


async def digest(store: str, port: int, connections: int) -> int:
    ledger = await open_ledger(store, ISSUED)
    relay = Relay("127.0.0.1", port, Tls.NEVER, connections=connections)
    report = await send(ledger, [relay], Composer(), lambda: float(ISSUED + 1), Options())
    await ledger.close(ISSUED + 1)
    return report.accepted


async def over_aiosmtplib(mails: int, port: int, connections: int, way: str) -> int:
    splicer = Splicer(rendering())
    numbers = iter(range(mails))
    cycle = itertools.cycle(choices())

    async def worker() -> int:
        smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await smtp.connect()
        sent = 0
        for number in numbers:
            address = f"reader{number}@example.com"
            letter = Letter(number, 1, address, b"%016d" % number, next(cycle), ISSUED, 0, ISSUED)
            body = splicer.mail(letter, Token("u" * 43), Token("p" * 43))
            await (prepared(smtp, address, body) if way == "prepared" else message(smtp, address, body))
            sent += 1
        await smtp.quit()
        return sent

    return sum(await asyncio.gather(*(worker() for _ in range(connections))))


def prepared(smtp: aiosmtplib.SMTP, address: str, body: bytes) -> Awaitable[object]:
    return smtp.sendmail("news@example.com", [address], body)


PARTS: dict[str, str] = {}


def message(smtp: aiosmtplib.SMTP, address: str, body: bytes) -> Awaitable[object]:
    """What most programs do: build the message from its texts, then let the library send it."""
    if not PARTS:
        import email
        import email.policy

        parsed = email.message_from_bytes(body, policy=email.policy.default)
        for part in parsed.walk():
            if part.get_content_maintype() == "text":
                PARTS[part.get_content_subtype()] = part.get_content()
    built = EmailMessage(policy=SMTP_POLICY)
    built["From"], built["To"], built["Subject"] = "World News <news@example.com>", address, "Today"
    built.set_content(PARTS["plain"])
    built.add_alternative(PARTS["html"], subtype="html")
    return smtp.send_message(built)


def measured(work: Callable[[], int]) -> None:
    rendering()  # once an edition, whatever sends it
    import_module("digest.store.ledger.postgresql")  # once a process
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    mails = work()
    after, ended = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"mails": mails, "cpu": cpu, "seconds": ended - started, "rss": after.ru_maxrss / 1024}))


def main(way: str, store: str, port: int, connections: int) -> None:
    if way == "digest":
        measured(lambda: run(digest(store, port, connections)))
    else:
        measured(lambda: run(over_aiosmtplib(int(store), port, connections, way)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else CONNECTIONS)
