"""From SQLite to PostgreSQL in the middle of a run: a command that may be run again, and nobody gets two."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import Digest, MailServer
from tests.journeys.conftest import READERS
from tests.journeys.process import configure, started
from tests.journeys.test_crash import CONNECTIONS, prepare, received, wait_for

pytestmark = pytest.mark.journey


def test_a_run_that_was_begun_on_sqlite_is_finished_on_postgresql(
    readership: Path, tmp_path: Path, postgresql_url: str, digest: Digest
) -> None:
    shutil.copytree(readership, tmp_path, dirs_exist_ok=True)
    with MailServer() as server:
        prepare(tmp_path, server.port)
        with started(tmp_path, "send", "--quiet") as sender:
            wait_for(server, READERS // 4)
            sender.send_signal(signal.SIGTERM)
            assert sender.wait(60) == 3
        for _ in range(2):
            copied = digest("db", "copy", postgresql_url)
            assert copied.code == 0, copied.err
        assert f"delivery: {READERS}" in copied.err
        before = received(server)
        configure(
            tmp_path, server.port, smtp=f"connections = {CONNECTIONS}", store=f'url = "{postgresql_url}"'
        )
        assert digest("send", "--json").json["accepted"] == READERS
        assert READERS // 4 <= sum(before.values()) < READERS
        assert received(server) == Counter(f"reader{n}@example.com" for n in range(READERS))
