"""What the reader pages carry: forms, past editions, and a burst of one-click unsubscribes after a send.

    nice python -m tests.bench.web

One server process and one that asks, over loopback, with the mails to confirm being written meanwhile. Rates
are told beside that of /healthz, which is the framework alone: the ratio is what counts.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from digest import wiring
from digest.addresses import accept
from digest.model import Order
from digest.settings import Settings, check
from digest.steps.joining import join_many
from digest.store import tables
from digest.tokens import Purpose
from digest.web.server import serving
from digest.web.stamps import stamp
from tests.blank_store import lay_tables
from tests.web.site import MORNING, Newspaper

CONNECTIONS = 32
SECONDS = 8
LEAVING = 10_000
FORM = "content-type: application/x-www-form-urlencoded\r\n"


class Target:
    """The server's address, and every answer's status and time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: list[tuple[int, float]] = []

    async def ask(self, requests: Callable[[], bytes | None], pace: float = 0) -> None:
        """One connection's requests, one after another; with `pace`, one begins every so many seconds."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        due = time.perf_counter()
        while (request := requests()) is not None:
            if pace:
                due += pace
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            began = due if pace else time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if b"content-length: " in head:
                await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
            self.answers.append((int(head[9:12]), time.perf_counter() - began))
        writer.close()

    async def load(self, request: Callable[[int], bytes], seconds: float = SECONDS, rate: float = 0) -> float:
        """Keep CONNECTIONS busy, or begin `rate` requests a second; gives the answers a second."""
        self.answers.clear()
        numbers, began = count(), time.perf_counter()

        def following() -> bytes | None:
            return request(next(numbers)) if time.perf_counter() - began < seconds else None

        pace = CONNECTIONS / rate if rate else 0
        await asyncio.gather(*(self.ask(following, pace) for _ in range(CONNECTIONS)))
        return len(self.answers) / (time.perf_counter() - began)

    def accepted(self) -> int:
        return sum(status in {200, 304} for status, _ in self.answers)

    def told(self) -> str:
        times = sorted(took * 1000 for _, took in self.answers)
        return f"p50 {times[len(times) // 2]:.1f} ms, p99 {times[len(times) * 99 // 100]:.1f} ms"


def settings(folder: Path) -> Settings:
    web = {"port": 0, "trusted_proxies": ["127.0.0.1"]}
    return check({"folder": folder, "web": web, "newsletters": [MORNING]}, "the bench")


def get(path: str, more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: x\r\n{more}\r\n".encode()


def post(path: str, body: str, more: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\n{FORM}{more}content-length: {len(body)}\r\n\r\n"
    return (head + body).encode()


def forms(app: wiring.App) -> Callable[[int], bytes]:
    """Every form from another host on the net, for another box at another domain."""
    hosts = count()

    def form(_: int) -> bytes:
        n = next(hosts)
        given = stamp(app.tokens, datetime.now(UTC) - timedelta(seconds=5))
        address = f"x-forwarded-for: 10.{n >> 16}.{n >> 8 & 255}.{n & 255}\r\n"
        return post("/subscribe", f"email=reader%40h{n}.example.com&stamp={given}", address)

    return form


def kept(app: wiring.App) -> int:
    """How many forms the database has counted."""
    with app.database.read() as connection:
        query = select(func.count()).where(tables.attempt.c.key.like("form:%"))
        return connection.scalar(query) or 0


def leavers(app: wiring.App) -> list[bytes]:
    """One-click requests of readers who have just had their mail."""
    of = app.newsletters[0]
    order = Order(of.zone, of.send_at, of.days)
    people = [(accept(f"reader{n}@example.com"), order) for n in range(LEAVING)]
    done = join_many(app.joining, people, of, "bench", True, datetime.now(UTC))
    tokens = (app.tokens.sign(Purpose.UNSUBSCRIBE, one.subscription.ref) for one in done)
    return [post(f"/unsubscribe/{token}", "List-Unsubscribe=One-Click") for token in tokens]


async def burst(target: Target, requests: Sequence[bytes]) -> float:
    target.answers.clear()
    left, began = iter(requests), time.perf_counter()
    await asyncio.gather(*(target.ask(lambda: next(left, None)) for _ in range(CONNECTIONS)))
    return time.perf_counter() - began


async def measure(app: wiring.App, port: int) -> None:
    target, form = Target(port), forms(app)
    bare = await target.load(lambda _: get("/healthz"))
    print(f"/healthz: {bare:.0f} a second")
    past = f"/archive/morning/{datetime.now(UTC).date()}"
    for name, tag in (("whole", ""), ("unchanged", "if-none-match: *\r\n")):
        rate = await target.load(lambda _, tag=tag: get(past, tag))  # type: ignore[misc]  # bound early, on purpose
        print(f"an edition, {name}: {rate:.0f} a second, {bare / rate:.1f} times /healthz; {target.told()}")
    rate = await target.load(form)
    sent = target.accepted()
    print(f"forms: {rate:.0f} a second, {bare / rate:.1f} times /healthz; {sent} taken, {kept(app)} kept")
    await target.load(form, rate=rate / 2)
    sent += target.accepted()
    print(f"forms at half load: {target.told()}; {sent} taken, {kept(app)} kept")
    took = await burst(target, leavers(app))
    gone = app.readers.counts("morning").get("unsubscribed", 0)
    times = f"{took * bare / LEAVING:.1f} times /healthz"
    print(f"{LEAVING} one-click unsubscribes in {took:.1f} s, {times}; {gone} recorded; {target.told()}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        lay_tables(Path(folder))
        paper = Newspaper(Path(folder))
        paper.clock.now = datetime.now(UTC)
        paper.issue(*(f"story{n}" for n in range(20)))
        command = [sys.executable, "-m", "tests.bench.web", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            asyncio.run(measure(paper.app, int(server.stdout.readline())))
            server.terminate()
        paper.close()


async def serve(folder: Path) -> None:
    with wiring.opened(settings(folder)) as app:
        async with serving(app) as address:
            print(address.rstrip("/").rpartition(":")[2], flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1:]:
        asyncio.run(serve(Path(sys.argv[1])))
    else:
        main()
