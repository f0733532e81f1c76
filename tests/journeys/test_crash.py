"""Killed in the middle, and sent again: nobody is lost, and only who was in the air may get a second copy."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import Digest, MailServer
from tests.journeys.conftest import READERS
from tests.journeys.process import configure, run, started

pytestmark = pytest.mark.journey

CONNECTIONS = 5


@pytest.fixture
def folder(readership: Path, tmp_path: Path) -> Path:
    """Where `digest` is at work, as a process and in this one: only what is ended from outside needs one."""
    return Path(shutil.copytree(readership, tmp_path, dirs_exist_ok=True))


def prepare(folder: Path, port: int) -> None:
    configure(folder, port, smtp=f"connections = {CONNECTIONS}")


def wait_for(server: MailServer, count: int) -> None:
    deadline = time.monotonic() + 60
    while server.mailbox.count < count and time.monotonic() < deadline:
        time.sleep(0.005)  # another process is at work: there is nothing to be told by


def received(server: MailServer) -> Counter[str]:
    return Counter(server.addresses())


def test_a_send_killed_in_the_middle_is_finished_by_the_next(folder: Path, digest: Digest) -> None:
    with MailServer() as server:
        prepare(folder, server.port)
        for kills in (1, 2):
            with started(folder, "send", "--quiet") as sender:
                wait_for(server, kills * READERS // 4)
                sender.kill()
        told = digest("send", "--json").json
        mails = received(server)
        assert (told["accepted"], told["all"]) == (READERS, READERS)
        assert len(mails) == READERS
        assert sum(mails.values()) - READERS <= 2 * CONNECTIONS
        by_reader: dict[str, set[bytes]] = {}
        for mail in server.mailbox:
            head = mail.raw.split(b"\r\n\r\n", 1)[0]
            line = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"message-id:"))
            by_reader.setdefault(mail.rcpt[0], set()).add(line)
        assert all(len(ids) == 1 for ids in by_reader.values())


def test_two_senders_at_once_give_nobody_two(folder: Path) -> None:
    with MailServer() as server:
        prepare(folder, server.port)
        with started(folder, "send", "--quiet") as one, started(folder, "send", "--quiet") as other:
            assert [one.wait(60), other.wait(60)] == [0, 0]
        assert received(server) == Counter(f"reader{n}@example.com" for n in range(READERS))


def test_a_send_asked_to_end_doubles_nobody(folder: Path, digest: Digest) -> None:
    with MailServer() as server:
        prepare(folder, server.port)
        with started(folder, "send", "--quiet") as sender:
            wait_for(server, READERS // 4)
            sender.send_signal(signal.SIGTERM)
            assert sender.wait(60) == 3
        assert digest("send", "--quiet").code == 0
        assert received(server) == Counter(f"reader{n}@example.com" for n in range(READERS))


def test_the_service_ends_in_order_when_asked(folder: Path) -> None:
    with MailServer() as server:
        configure(folder, server.port, web="port = 0")
        with started(folder, "run") as service:
            assert service.stderr is not None
            assert "pages at http://127.0.0.1:" in service.stderr.readline()
            service.send_signal(signal.SIGTERM)
            _, said = service.communicate(timeout=30)
        assert service.returncode == 0, said
        assert "Traceback" not in said


def test_cron_alone_does_the_morning(folder: Path, digest: Digest) -> None:
    with MailServer() as server:
        prepare(folder, server.port)
        with contextlib.closing(sqlite3.connect(folder / "var" / "digest.db")) as database:
            database.execute("UPDATE subscription SET confirmed_at = confirmed_at - 3600")
            database.execute("UPDATE moment SET next_due = ?", (int(time.time()) - 600,))
            database.commit()
        for _ in range(2):
            done = digest("run", "--once", "--quiet")
            assert (done.code, done.err) == (0, "")
        assert received(server) == Counter(f"reader{n}@example.com" for n in range(READERS))


def test_cron_is_told_a_fault_once(folder: Path, digest: Digest) -> None:
    configure(folder, 9)
    assert digest("subscribe", "ada@example.com").code == 0
    done = run(folder, "run", "--once", "--quiet")
    assert done.returncode == 3
    assert done.stderr.count("Connection refused") == 1, done.stderr
