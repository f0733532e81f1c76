"""A morning on PostgreSQL: readers who are due, a recording mail server, and the roles as processes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from digest import wiring
from digest.addresses import accept
from digest.model import Consent
from digest.settings import load
from tests.builders import found, order
from tests.deliver.killing import recorder, taken
from tests.journeys.process import command, configure, environment

CONNECTIONS = 5
PATIENCE = 60  # seconds until a process that is slow is taken for one that never comes
HERE_AND_NOW = environment() | {"NOON_AHEAD": "0"}  # the queue goes by PostgreSQL's clock
HERE = "datname = current_database() AND pid <> pg_backend_pid()"


class Morning:
    """The folder, the database and the record of what was taken."""

    def __init__(self, folder: Path, url: str, readers: int, record: Path) -> None:
        self.folder = folder
        self.url = url
        self.readers = readers
        self.record = record

    @contextmanager
    def started(self, *args: str) -> Iterator[subprocess.Popen[bytes]]:
        """A role as a process; what it says goes to a file of its name."""
        with (
            (self.folder / f"{args[0]}.log").open("ab") as log,
            subprocess.Popen(command(*args), cwd=self.folder, stderr=log, env=HERE_AND_NOW) as process,
        ):
            try:
                yield process
            finally:
                process.kill()

    def said(self, role: str) -> str:
        return (self.folder / f"{role}.log").read_text()

    def sql(self, statement: str, *, elsewhere: bool = False) -> list[tuple[Any, ...]]:
        """Run a statement in the morning's database, or beside it."""
        url = self.url.replace(urlsplit(self.url).path, "/postgres") if elsewhere else self.url
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def lose(self, process: int) -> None:
        """A process's lease runs out, in the ledger and in the queue: a minute passes for it alone."""
        frozen = "state = 'idle in transaction' AND state_change < now() - interval '1 second'"
        self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {HERE} AND {frozen}")
        self.sql(f"UPDATE worker SET seen = seen - 3600 WHERE name LIKE '% process {process}'")
        self.sql("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")

    def until_taken(self, mails: int) -> None:
        self.until(lambda: len(taken(self.record)) >= mails, f"{mails} mails")

    def until_done(self) -> None:
        """Until every reader has an outcome and the edition is closed."""
        self.until(lambda: self.sql("SELECT state FROM edition") == [("done",)], "the edition")

    def until(self, found: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not found():
            assert time.monotonic() < deadline, f"{what} did not come; {self.told()}"
            time.sleep(0.02)  # other processes are at work: there is nothing to be told by

    def told(self) -> str:
        logs = "\n".join(file.read_text()[-2000:] for file in self.folder.glob("*.log"))
        return f"{len(taken(self.record))} mails were taken\n{logs}"

    def doubled(self) -> int:
        """How many mails came again; everybody must have had one, and every copy the same Message-ID."""
        mails = Counter(taken(self.record))
        assert len(mails) == self.readers == len({line.split()[0] for line in mails})
        assert self.sql("SELECT count(*) FROM delivery WHERE state = 3") == [(self.readers,)]
        return sum(mails.values()) - self.readers


@contextmanager
def morning(folder: Path, url: str, readers: int) -> Iterator[Morning]:
    """So many readers were due a moment ago, and a mail server writes down what it takes."""
    record = folder / "taken.txt"
    with recorder(record) as port:
        yield prepared(folder, url, readers, record, port)


def prepared(
    folder: Path, url: str, readers: int, record: Path, port: int, connections: int = CONNECTIONS
) -> Morning:
    """A configuration and a store in which so many readers are due; nothing is composed or planned yet."""
    configure(folder, port, smtp=f"connections = {connections}", store=f'url = "{url}"')
    config = folder / "config" / "digest.toml"
    now = datetime.now(UTC)
    quarter = now.replace(minute=now.minute // 15 * 15)
    sections = 'sections = ["World", "Sport"]'
    hour = f'{sections}\nsend_at = "{quarter:%H:%M}"\ncutoff = "{quarter:%H:%M}"'
    config.write_text(config.read_text().replace(sections, hour))
    fill(config, readers)
    made = Morning(folder, url, readers, record)
    made.sql("UPDATE subscription SET confirmed_at = confirmed_at - 86400")
    made.sql(f"UPDATE moment SET next_due = {int(quarter.timestamp()) // 60 * 60}")
    return made


def fill(config: Path, readers: int) -> None:
    """Stories of this hour, and so many confirmed readers."""
    with wiring.opened(load(config)) as app:
        hour = datetime.now(UTC) - timedelta(hours=1)
        app.stories.save("wire", [found(name, published=hour, section="") for name in ("ferry", "cup")], hour)
        wish = order(at=app.newsletters[0].send_at)
        people = [(accept(f"reader{n}@example.com"), wish) for n in range(readers)]
        consent = Consent(datetime.now(UTC), "test")
        app.readers.take_in(people, app.newsletters[0], consent, confirmed=True)


def freeze(process: subprocess.Popen[bytes]) -> None:
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(1.1)  # whatever transaction it is in, it has been silent for longer than any that works


def wake(process: subprocess.Popen[bytes]) -> None:
    os.kill(process.pid, signal.SIGCONT)
