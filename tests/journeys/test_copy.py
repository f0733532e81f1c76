"""From SQLite to PostgreSQL in the middle of a run: a command that may be run again, and nobody gets two."""

from __future__ import annotations

import json
import shutil
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import MailServer
from tests.journeys.conftest import READERS
from tests.journeys.process import configure, run, started
from tests.journeys.test_crash import CONNECTIONS, prepare, received, wait_for
from tests.postgres import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]

pytestmark = pytest.mark.journey


def test_a_run_that_was_begun_on_sqlite_is_finished_on_postgresql(
    readership: Path, tmp_path: Path, postgresql_url: str
) -> None:
    shutil.copytree(readership, tmp_path, dirs_exist_ok=True)
    with MailServer() as server:
        prepare(tmp_path, server.port)
        with started(tmp_path, "send", "--quiet") as sender:
            wait_for(server, READERS // 4)
            sender.send_signal(signal.SIGTERM)
            assert sender.wait(60) == 3
        for _ in range(2):
            copied = run(tmp_path, "db", "copy", postgresql_url)
            assert copied.returncode == 0, copied.stderr
        assert f"delivery: {READERS}" in copied.stderr
        before = received(server)
        configure(
            tmp_path, server.port, smtp=f"connections = {CONNECTIONS}", store=f'url = "{postgresql_url}"'
        )
        done = run(tmp_path, "send", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["accepted"] == READERS
        assert READERS // 4 <= sum(before.values()) < READERS
        assert received(server) == Counter(f"reader{n}@example.com" for n in range(READERS))
