"""A database that is away in the middle of a morning: python -m tests.bench.cut [SECONDS]

A scheduler and two workers on PostgreSQL, each connection cut and none allowed for so long; no lease is
shortened. Prints who was lost (must be nobody), who was doubled, and how long after its return all were done.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from tests.deliver.killing import taken
from tests.journeys.roles import CONNECTIONS, Morning, morning
from tests.postgres import Server

READERS = 4_000
WORKERS = 2
LONGEST = 600  # seconds


def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="digest-bench-") as folder:
        Path(folder).chmod(0o755)
        data, work = Path(folder) / "data", Path(folder) / "work"
        work.mkdir()
        server = Server(data, durable=True)
        with (
            morning(work, server.fresh(), READERS) as due,
            due.started("worker"),
            due.started("worker"),
            due.started("scheduler"),
        ):
            wait(lambda: len(taken(due.record)) >= READERS // 4)
            cut(due, seconds)
            back = time.monotonic()
            wait(lambda: due.sql("SELECT state FROM edition") == [("done",)])
            took = time.monotonic() - back
            doubled = due.doubled()  # nobody lost, each copy with the same Message-ID, or it would say so
        server.close()
    most = WORKERS * CONNECTIONS
    print(
        f"  cut for {seconds:.0f} s: nobody lost, {doubled} doubled (at most {most}), done {took:.0f} s later"
    )


def cut(due: Morning, seconds: float) -> None:
    name = urlsplit(due.url).path[1:]
    due.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", elsewhere=True)
    due.sql(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'", elsewhere=True
    )
    time.sleep(seconds)
    due.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true", elsewhere=True)


def wait(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST
    while not found():
        assert time.monotonic() < deadline, f"it did not come in {LONGEST} seconds"
        time.sleep(0.1)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)
