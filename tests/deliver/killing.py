"""Kills senders at random moments, and counts what it cost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]


@dataclass
class Toll:
    """What the kills cost. `worst` is the most mails that one kill doubled for one reader."""

    kills: int = 0
    lost: int = 0
    doubled: int = 0
    most_at_once: int = 0
    worst: int = 0
    changed_ids: int = 0
    by_kill: list[int] = field(default_factory=list)


@contextmanager
def recorder(record: Path) -> Iterator[int]:
    """A recording relay; gives its port."""
    with started("tests.deliver.recorder", str(record)) as process:
        assert process.stdout
        yield int(process.stdout.readline())


@contextmanager
def started(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def run_with_kills(store: str, folder: Path, readers: int, kills: int, seed: int) -> Toll:
    """One run over a planned store, killed so many times, then let finish."""
    rng = random.Random(seed)
    record = folder / f"{seed}.txt"
    toll = Toll()
    with recorder(record) as port:
        before: Counter[str] = Counter()
        for kill in range(kills):
            with started("tests.deliver.sending_process", store, str(port)) as sender:
                assert sender.stdout
                sender.stdout.readline()
                at = len(taken(record)) + rng.randrange(max(1, readers // (kills + 1)))
                wait_for(record, at, sender)
                time.sleep(rng.random() * 0.003)
                sender.kill()
                sender.wait()
            toll.kills += 1
            let_leases_run_out(store)
            before = count_kill(toll, before, record, kill)
        subprocess.run(
            [sys.executable, "-m", "tests.deliver.sending_process", store, str(port)],
            check=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        count_kill(toll, before, record, kills)
    toll.lost = readers - len({line.split()[0] for line in taken(record)})
    toll.changed_ids = len(set(taken(record))) - len({line.split()[0] for line in taken(record)})
    return toll


def let_leases_run_out(store: str) -> None:
    """An hour passes for the dead, where leases are what tells them."""
    if store.startswith("postgresql:"):
        with psycopg.connect(store) as connection:
            connection.execute("UPDATE worker SET seen = seen - 3600")


def count_kill(toll: Toll, before: Counter[str], record: Path, kill: int) -> Counter[str]:
    """What the sender after a kill doubled: mails to readers who had one already."""
    now = Counter(line.split()[0] for line in taken(record))
    again = {address: n - max(1, before[address]) for address, n in now.items()}
    doubles = sum(again.values())
    toll.doubled += doubles
    toll.most_at_once = max(toll.most_at_once, doubles)
    toll.worst = max(toll.worst, *again.values(), 0)
    toll.by_kill.append(doubles)
    return now


def taken(record: Path) -> list[str]:
    return record.read_text().splitlines() if record.exists() else []


def wait_for(record: Path, mails: int, sender: subprocess.Popen[str]) -> None:
    """Until so many mails were taken, or the sender has ended."""
    size = 0
    while sender.poll() is None:
        if record.exists() and record.stat().st_size != size:
            size = record.stat().st_size
            if len(taken(record)) > mails:
                return
        time.sleep(0.001)
