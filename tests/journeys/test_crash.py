"""Killed in the middle, and sent again: nobody is lost, and only who was in the air may get a second copy."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from pathlib import Path

from tests.cli.conftest import MailServer, today
from tests.journeys.process import configure, run, started

READERS = 300
CONNECTIONS = 5


def prepare(folder: Path, port: int) -> None:
    configure(folder, port, smtp=f"connections = {CONNECTIONS}")
    (folder / "today.jsonl").write_text("\n".join(map(json.dumps, today())))
    rows = ["address", *(f"reader{n}@example.com" for n in range(READERS))]
    (folder / "readers.csv").write_text("\n".join(rows))
    assert run(folder, "import", "today.jsonl").returncode == 0
    assert run(folder, "subscribers", "import", "readers.csv", "--confirmed").returncode == 0


def wait_for(server: MailServer, count: int) -> None:
    deadline = time.monotonic() + 60
    while server.mailbox.count < count and time.monotonic() < deadline:
        time.sleep(0.005)  # another process is at work: there is nothing to be told by


def received(server: MailServer) -> Counter[str]:
    return Counter(server.addresses())


def test_a_send_killed_in_the_middle_is_finished_by_the_next(tmp_path: Path) -> None:
    with MailServer() as server:
        prepare(tmp_path, server.port)
        for kills in (1, 2):
            with started(tmp_path, "send", "--quiet") as sender:
                wait_for(server, kills * READERS // 4)
                sender.kill()
        done = run(tmp_path, "send", "--json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
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


def test_two_senders_at_once_give_nobody_two(tmp_path: Path) -> None:
    with MailServer() as server:
        prepare(tmp_path, server.port)
        with started(tmp_path, "send", "--quiet") as one, started(tmp_path, "send", "--quiet") as other:
            assert [one.wait(60), other.wait(60)] == [0, 0]
        assert received(server) == Counter(f"reader{n}@example.com" for n in range(READERS))


def test_a_send_asked_to_end_doubles_nobody(tmp_path: Path) -> None:
    with MailServer() as server:
        prepare(tmp_path, server.port)
        with started(tmp_path, "send", "--quiet") as sender:
            wait_for(server, READERS // 4)
            sender.send_signal(signal.SIGTERM)
            assert sender.wait(60) == 3
        assert run(tmp_path, "send", "--quiet").returncode == 0
        assert received(server) == Counter(f"reader{n}@example.com" for n in range(READERS))


def test_the_service_ends_in_order_when_asked(tmp_path: Path) -> None:
    with MailServer() as server:
        configure(tmp_path, server.port, web="port = 0")
        with started(tmp_path, "run") as service:
            assert service.stderr is not None
            assert "pages at http://127.0.0.1:" in service.stderr.readline()
            service.send_signal(signal.SIGTERM)
            _, said = service.communicate(timeout=30)
        assert service.returncode == 0, said
        assert "Traceback" not in said


def test_cron_alone_does_the_morning(tmp_path: Path) -> None:
    with MailServer() as server:
        prepare(tmp_path, server.port)
        first = run(tmp_path, "run", "--once", "--quiet")
        assert first.returncode == 0, first.stderr
        assert first.stderr == ""
