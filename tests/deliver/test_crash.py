"""Killed without warning: nobody is lost, and at most one reader for each connection gets it twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.deliver.killing import ROOT, recorder, run_with_kills, started, taken, wait_for
from tests.morning import Store, prepare

pytestmark = pytest.mark.journey

READERS = 1500
CONNECTIONS = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Fifteen hundred readers are due."""
    on_server = request.param == "postgresql"
    url: str = request.getfixturevalue("postgresql_url") if on_server else str(tmp_path / "digest.db")
    prepare(url, READERS)
    return url


def test_kill_minus_nine_loses_nobody_and_doubles_one_a_connection_at_most(
    store: str, tmp_path: Path
) -> None:
    toll = run_with_kills(store, tmp_path, READERS, kills=3, seed=7)
    assert toll.kills == 3
    assert toll.lost == 0
    assert toll.most_at_once <= CONNECTIONS
    assert toll.worst <= 1
    assert toll.changed_ids == 0


def test_sigterm_waits_for_answers_and_doubles_nobody(store: str, tmp_path: Path) -> None:
    record = tmp_path / "taken.txt"
    with recorder(record) as port:
        with started("tests.deliver.sending_process", store, str(port)) as sender:
            wait_for(record, 300, sender)
            os.kill(sender.pid, signal.SIGTERM)
            assert sender.wait(10) == 0
        some = len(taken(record))
        assert 300 < some < READERS
        ledger = Store(store)
        assert Counter(ledger.states().values()) == {0: READERS - some, 3: some}
        ledger.close()
        with started("tests.deliver.sending_process", store, str(port)) as sender:
            assert sender.wait(20) == 0
    assert sorted(set(taken(record))) == sorted(taken(record))
    assert len(taken(record)) == READERS


def test_a_full_disk_stops_the_run_which_then_goes_on_and_loses_nobody(
    tmp_path: Path,
) -> None:
    store, record = tmp_path / "digest.db", tmp_path / "taken.txt"
    prepare(str(store), READERS)
    with recorder(record) as port:
        command = [sys.executable, "-m", "tests.deliver.sending_process", str(store), str(port)]
        full = subprocess.run(
            ["sh", "-c", 'ulimit -f 400 && exec "$@"', "sh", *command],  # no file longer than 400 blocks
            cwd=ROOT,
            text=True,
            capture_output=True,
            check=False,
        )
        assert full.returncode == 1
        assert "disk I/O error; check the disk and run again. Nothing recorded is lost" in full.stderr
        assert 0 < len(taken(record)) < READERS
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    copies = Counter(line.split()[0] for line in taken(record))
    assert len(copies) == READERS
    assert sum(copies.values()) <= READERS + CONNECTIONS
    assert len(set(taken(record))) == READERS  # the same Message-ID
