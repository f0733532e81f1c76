"""A bad morning: ten thousand forged reports suppress nobody, ten thousand real ones are all recorded.

    nice python -m tests.bench.returns

Real ones come by LMTP, as an MTA brings them, on a few connections; each is answered for when it is on disk.
"""

from __future__ import annotations

import asyncio
import smtplib
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from digest import pipeline, wiring
from digest.addresses import accept
from digest.model import Consent
from digest.record.lmtp import taking
from digest.settings import check
from digest.store import tables
from digest.tokens import Purpose
from digest.wiring import App
from tests.builders import NOON, order
from tests.record.mails import TOKEN, recipient, report

MAILS, CONNECTIONS = 10_000, 20  # as many as Postfix opens
NEWSLETTER = {"slug": "morning", "title": "News", "from": "News <news@example.com>"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = check({"folder": Path(folder), "newsletters": [NEWSLETTER]}, "a bench")
        with wiring.opened(settings) as app:
            people = [(accept(f"reader{n}@example.com"), order()) for n in range(MAILS)]
            consent = Consent(NOON, "bench")
            taken = app.readers.take_in(people, app.newsletters[0], consent, confirmed=True)
            refs = [one.subscription.ref for one in taken]
            forged(app)
            real(app, refs)


def forged(app: App) -> None:
    mails = (("", returned(n, f"{n:043}")) for n in range(MAILS))
    with timed(f"{MAILS} forged"):
        applied = sum(one.applied for _, one in pipeline.absorb(app.absorbing, mails, NOON))
    print(f"{applied} applied, {suppressed(app)} suppressed")
    assert suppressed(app) == 0


def real(app: App, refs: Sequence[bytes]) -> None:
    mails = [returned(n, app.tokens.sign(Purpose.BOUNCE, ref)) for n, ref in enumerate(refs)]
    with timed(f"{MAILS} real by LMTP, {CONNECTIONS} connections"):
        asyncio.run(by_lmtp(app, mails))
    print(f"{suppressed(app)} suppressed")
    assert suppressed(app) == MAILS


@contextmanager
def timed(what: str) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what}: {wall:.1f} s, {cpu:.1f} s of one core")


async def by_lmtp(app: App, mails: Sequence[bytes]) -> None:
    def bring(port: int, some: Sequence[bytes]) -> None:
        with smtplib.LMTP("127.0.0.1", port) as client:
            for raw in some:
                client.sendmail("", "bounce@example.com", raw)

    def take(some: Sequence[bytes]) -> None:
        pipeline.absorb(app.absorbing, (("", raw) for raw in some), NOON)

    async with taking("127.0.0.1", 0, take) as port:
        shares = [mails[n::CONNECTIONS] for n in range(CONNECTIONS)]
        with ThreadPoolExecutor(CONNECTIONS) as clients:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(clients, bring, port, share) for share in shares))


def returned(number: int, token: str) -> bytes:
    address = f"reader{number}@example.com"
    raw = report(recipient(address, diagnostic=f"550 5.1.1 <{address}>: user unknown"))
    return raw.replace(TOKEN.encode(), token.encode())


def suppressed(app: App) -> int:
    with app.database.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(tables.suppression)) or 0)


if __name__ == "__main__":
    main()
