"""What large tables cost on PostgreSQL: python -m tests.bench.scale [NAME ...]

NAME is planning, plans or pruning; without it, all. The tables are filled by PostgreSQL itself, for the
million readers of the goal, or for as many as READERS in the environment says.
"""

from __future__ import annotations

import asyncio
import os
import re
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, insert, text

from digest.addresses import accept
from digest.model import Newsletter, Outcome, Plan, Verdict
from digest.store import tables
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.ledger import SqlLedger
from digest.store.ledger.postgresql import PostgresqlDriver, translate
from digest.store.migrate import upgrade
from digest.store.planning import Planning
from digest.store.prune import prune
from digest.store.queue import enqueue, top_up
from digest.store.readers import Readers
from digest.tokens import Tokens
from tests.bench.delivery import server_cpu, verdict
from tests.postgres import Server

READERS = int(os.environ.get("READERS", "1000000"))
DAYS = 4  # of deliveries in the ledger before today's
TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 7, tzinfo=UTC)
AT = int(NOW.timestamp())
NEWSLETTER = Newsletter("morning", "World News", "news@example.com")
LARGE = "delivery|had|subscriber|subscription"


class Bench(Server):
    """A server whose CPU is counted."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def cpu(self) -> float:
        return server_cpu(self.folder)


READER_ROWS = """
    INSERT INTO subscriber (id, ref, address, address_key, created, language)
    SELECT n, decode(lpad(to_hex(n), 32, '0'), 'hex'), 'reader' || n || '@example.com',
           'reader' || n || '@example.com', 0, '' FROM generate_series(1, :readers) n;
    INSERT INTO subscription (id, ref, subscriber, newsletter, moment, state, choice, own_only, asked_at,
                              asked_from, wording, confirmed_at)
    SELECT n, decode('ff' || lpad(to_hex(n), 30, '0'), 'hex'), n, 1, 1, 'active', '', false, 0, '', '', 0
    FROM generate_series(1, :readers) n"""

DELIVERY_ROWS = """
    INSERT INTO delivery (subscription, local_date, edition, rendering, state, due, expires, attempts, doubts,
                          at, code, reply)
    SELECT n, :day, :edition, :edition, 3, :at, :at, 1, 0, :at, 250, '2.0.0 Ok: queued as 4XkQ2b1Zc7z1'
    FROM generate_series(1, :readers) n ORDER BY n;
    INSERT INTO had (subscription, edition) SELECT n, :edition FROM generate_series(1, :readers) n;
    INSERT INTO batch (edition, local_date, lo, hi)
    SELECT edition, local_date, min(id), max(id) FROM delivery WHERE edition = :edition
    GROUP BY edition, local_date, (id - 1) / 500"""


def execute(connection: Connection, statements: str, **values: Any) -> None:
    for statement in statements.split(";"):
        names = set(re.findall(r"(?<!:):(\w+)", statement))
        connection.execute(text(statement), {name: values[name] for name in names})


def fill(database: Database, readers: int, days: int) -> None:
    """Readers of one moment, the record of so many days, and an edition of today that is planned for none."""
    moment = {"id": 1, "newsletter": 1, "zone": "UTC", "at": 420, "days": "daily", "next_due": AT}
    with database.write() as connection:
        connection.execute(insert(tables.newsletter), {"id": 1, "slug": "morning"})
        connection.execute(insert(tables.moment), moment)
        execute(connection, READER_ROWS, readers=readers)
    for edition in range(1, days + 2):
        day = TODAY - timedelta(days=days + 1 - edition)
        at = AT - 86400 * (days + 1 - edition)
        state = "issued" if edition > days else "done"
        row = {"id": edition, "newsletter": 1, "date": day, "cutoff": at, "state": state}
        body = {"id": edition, "edition": edition, "revision": 0, "locale": "en", "body": b"{}"}
        with database.write() as connection:
            connection.execute(insert(tables.edition), row)
            connection.execute(insert(tables.rendering), body)
            if edition <= days:
                execute(connection, DELIVERY_ROWS, edition=edition, day=day, at=at, readers=readers)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def order(days: int) -> Plan:
    return Plan(days + 1, days + 1, TODAY, NOW, NOW + timedelta(hours=12))


@contextmanager
def stored(server: Bench, readers: int, days: int) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(server.fresh(), Path(folder))
        upgrade(database)
        started = time.perf_counter()
        fill(database, readers, days)
        print(f"  {readers:,} readers, {readers * days:,} deliveries ({time.perf_counter() - started:.0f} s)")
        tell_sizes(database, {"subscriber": readers, "subscription": readers})
        tell_sizes(database, dict.fromkeys(("delivery", "had"), readers * days))
        yield database
        database.close()


def tell_sizes(database: Database, rows: Mapping[str, int]) -> None:
    """Bytes a row, with its indexes."""
    with database.read() as connection:
        for table, count in rows.items():
            size = connection.scalar(text(f"SELECT pg_total_relation_size('{table}')")) or 0
            if count:
                print(f"  {table}: {size / count:.0f} bytes a row with its indexes")


# ---------------------------------------------------------------- what is measured


def planning(server: Bench) -> None:
    """An edition for a million readers: seconds, CPU, and the memory of the process that plans."""
    with stored(server, READERS, 0) as database:
        planner = Planning(database, enqueue)
        before, on_server, started = resident(), server.cpu(), time.perf_counter()
        planned = planner.plan(planner.moments(NEWSLETTER), order(0))
        took, on_server = time.perf_counter() - started, server.cpu() - on_server
    assert planned == READERS
    print(f"  {on_server * 1e6 / READERS:.1f} us of the server's CPU a reader")
    verdict("seconds to plan a million deliveries, with their jobs", took * 1e6 / READERS, "at most 15")
    verdict("MB resident, the whole process", resident(), "at most 300")
    print(f"  of which planning took {resident() - before:.0f} MB")


def resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def plans(server: Bench) -> None:
    """How PostgreSQL finds its rows among 10,000,000 readers and 300,000,000 deliveries. No scan of a table.

    The server believes that its tables are that large: their files are, most of it holes.
    """
    with stored(server, READERS // 2, DAYS) as database:
        stretch(database, server.folder, ("subscriber", "subscription"), 10_000_000)
        stretch(database, server.folder, ("delivery", "had"), 300_000_000)
        seen: dict[str, str] = {}
        event.listen(database.engine, "before_cursor_execute", explaining(seen))
        planner, readers = Planning(database), Readers(database, Tokens(["a secret for the bench alone" * 2]))
        small = planner.moments(NEWSLETTER)
        planner.due(NEWSLETTER, NOW)
        planner.plan(small, order(DAYS))
        [reader] = readers.of(accept("reader77@example.com"))
        deliveries = Deliveries(database)
        deliveries.edition_for(reader, TODAY)
        deliveries.editions_since(reader, TODAY - timedelta(days=2))
        deliveries.history(reader)
        deliveries.letter(reader, DAYS)
        deliveries.next_due()
        top_up(database, NOW)
        readers.leave(reader.ref, NOW)
        asyncio.run(ledger_at_work(database.driver_url, seen))
        prune(database, timedelta(days=DAYS - 1), NOW)
    scans = [name for name, plan in seen.items() if re.search(rf"Seq Scan on ({LARGE})\b", plan)]
    for name, plan in seen.items():
        if re.search(rf"\b({LARGE})\b", plan):
            print(f"\n  {name}\n    " + plan.replace("\n", "\n    "))
    verdict("statements of a morning that scan a large table", len(scans), "0")
    for name in scans:
        print(f"  {name}")


SIZES = """
    SELECT c.oid, pg_relation_filepath(c.oid), c.relpages, c.reltuples FROM pg_class c
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE coalesce(i.indrelid, c.oid) = CAST(:table AS regclass)"""
SEGMENT = 131_072  # pages of 8 KB in one file of a table


def stretch(database: Database, data: Path, names: Sequence[str], rows: int) -> None:
    """Let the planner, which reads a table's size off its files, find tables and indexes of so many rows.

    How often a value comes up stays as it was measured, so that a scan looks cheaper than it would be.
    """
    with database.write() as connection:
        for name in names:
            found = connection.execute(text(SIZES), {"table": name}).all()
            factor = rows / max(row.reltuples for row in found)
            for oid, path, pages, tuples in found:
                lengthen(data / path, int(pages * factor))
                said = {"pages": int(pages * factor), "tuples": tuples * factor, "oid": oid}
                update = "UPDATE pg_class SET relpages = :pages, reltuples = :tuples WHERE oid = :oid"
                connection.execute(text(update), said)
            size = connection.scalar(text(f"SELECT pg_total_relation_size('{name}')")) or 0
            print(f"  {name}: as {rows:,} rows, {size / 1e9:.0f} GB")


def lengthen(path: Path, pages: int) -> None:
    for number in range(-(-pages // SEGMENT)):
        file = path.with_name(f"{path.name}.{number}" if number else path.name)
        file.touch(mode=0o600)
        if os.geteuid() == 0:
            os.chown(file, path.stat().st_uid, path.stat().st_gid)
        os.truncate(file, min(SEGMENT, pages - number * SEGMENT) * 8192)


def explaining(seen: dict[str, str]) -> Callable[..., None]:
    """Explains each statement as it comes, with its own values, before it is run."""

    def explain(_link: Any, cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        name = " ".join(statement.split())[:150]
        if not many and name not in seen and re.match(r"(WITH|SELECT|INSERT|UPDATE|DELETE)\b", name):
            cursor.connection.execute("SAVEPOINT explained")
            rows = cursor.connection.execute(f"EXPLAIN (COSTS OFF) {statement}", values).fetchall()
            seen[name] = "\n".join(row[0] for row in rows)
            cursor.connection.execute("RELEASE explained")

    return explain


async def ledger_at_work(url: str, seen: dict[str, str]) -> None:
    driver = await PostgresqlDriver.connect(url)
    run = driver.run

    async def explained(statement: str, **values: Any) -> list[tuple[Any, ...]]:
        name = " ".join(statement.split())[:150]
        if name not in seen:
            plan = await driver.connection.execute(
                f"EXPLAIN (COSTS OFF) {translate(statement)}".encode(), values
            )
            seen[name] = "\n".join(row[0] for row in await plan.fetchall())
        return await run(statement, **values)

    driver.run = explained  # type: ignore[method-assign]  # each statement passes here
    ledger = await SqlLedger(driver).open(AT)
    letters = [letter.delivery for letter in await ledger.claim(AT)]
    await ledger.settle(AT, (), letters[:20])
    taken = [Outcome(letter, Verdict.ACCEPTED, 250, reply="2.0.0 Ok") for letter in letters[:19]]
    late = Outcome(letters[19], Verdict.DEFERRED, 451, reply="later", next_at=AT + 300)
    await ledger.settle(AT, [*taken, late], letters[20:40])
    await ledger.next_due(AT)
    await ledger.close(AT)


def pruning(server: Bench) -> None:
    """A day's million deliveries put away, and what a morning's settlements feel of it meanwhile."""
    with stored(server, READERS, 1) as database:
        planner = Planning(database)
        planner.plan(planner.moments(NEWSLETTER), order(1))
        alone = asyncio.run(settlements(database.driver_url, threading.Event(), 5))
        over = threading.Event()
        pruned: list[int] = []

        def put_away() -> None:
            pruned.append(prune(database, timedelta(), NOW))
            over.set()

        thread, started = threading.Thread(target=put_away), time.perf_counter()
        thread.start()
        beside = asyncio.run(settlements(database.driver_url, over, 120))
        thread.join()
    took = time.perf_counter() - started
    print(f"  {pruned[0]:,} deliveries put away in {took:.0f} s, {pruned[0] / took:,.0f} a second")
    print(f"  a settlement of 20 mails: {told(alone)} alone, {told(beside)} beside it")


async def settlements(url: str, over: threading.Event, seconds: float) -> list[float]:
    """How long each settlement of a sender takes, in milliseconds, for so long or until the other is over."""
    ledger = await SqlLedger(await PostgresqlDriver.connect(url)).open(AT)
    took: list[float] = []
    ends = time.perf_counter() + seconds
    while not over.is_set() and time.perf_counter() < ends:
        letters = [letter.delivery for letter in await ledger.claim(AT)]
        for n in range(0, len(letters), 20):
            outcomes = [Outcome(letter, Verdict.ACCEPTED, 250, reply="Ok") for letter in letters[n - 20 : n]]
            started = time.perf_counter()
            await ledger.settle(AT, outcomes, letters[n : n + 20])
            took.append(1000 * (time.perf_counter() - started))
    await ledger.close(AT)
    return sorted(took)


def told(times: list[float]) -> str:
    return f"{times[len(times) // 2]:.1f} ms (99 of 100 under {times[len(times) * 99 // 100]:.1f})"


BENCHES = {"planning": planning, "plans": plans, "pruning": pruning}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="digest-bench-") as made:
        Path(made).chmod(0o755)
        opened = Bench(Path(made))
        for wanted in sys.argv[1:] or BENCHES:
            print(f"{wanted}: {BENCHES[wanted].__doc__}", flush=True)
            BENCHES[wanted](opened)
        opened.close()
