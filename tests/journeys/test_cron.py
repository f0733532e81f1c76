"""Without a daemon, as Operating tells it: the crontab runs as it is written, and a reader can leave."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from tests.at_noon import ENVIRONMENT
from tests.cli.conftest import Digest, MailServer
from tests.docs.reference import DOCS
from tests.record.imap_server import ImapServer

pytestmark = pytest.mark.journey

OPERATING = (DOCS / "operating.md").read_text(encoding="utf-8").partition("### Without a daemon")[2]


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", OPERATING, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def installed(folder: Path) -> None:
    """The program at noon, as `bin/digest` below the folder."""
    program = folder / "bin" / "digest"
    program.parent.mkdir()
    names = shlex.join(f"{name}={value}" for name, value in ENVIRONMENT.items())
    program.write_text(f'#!/bin/sh\nexec env {names} {shlex.quote(sys.executable)} -m tests.at_noon "$@"\n')
    program.chmod(0o755)


def cron(folder: Path) -> subprocess.CompletedProcess[str]:
    """What cron does with the crontab: a shell, its variables, and nothing else."""
    table = block("crontab").replace("/srv/mornings", str(folder)).replace("/srv/digest", str(folder))
    *variables, line = table.splitlines()
    environment = {"HOME": str(folder), "SHELL": "/bin/sh"} | dict(one.split("=", 1) for one in variables)
    command = line.split(maxsplit=5)[5]
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_reader_leaves_by_mail_where_no_page_is_served(
    digest: Digest, mail_server: MailServer, mornings: Path
) -> None:
    installed(mornings)
    for name in ("smtp-password", "imap-password"):
        (mornings / "var" / name).write_text("secret\n")
    with ImapServer({}) as mailbox:
        returns = block("toml").replace(
            "imaps://unsubscribe@mail.example.com", f"imap://post@127.0.0.1:{mailbox.port}"
        )
        config = mornings / "config" / "digest.toml"
        config.write_text(
            config.read_text().replace("https://digest.example.com", "http://127.0.0.1:8000") + returns
        )
        digest("subscribe", "ada@example.com", "--confirmed")
        assert digest("send", "--yes").code == 0
        [mail] = mail_server.mailbox
        ways = message_from_bytes(mail.raw, policy=default)["List-Unsubscribe"]
        leave = re.search(r"<mailto:(.*?)>", ways)
        assert leave, ways
        wish = f"From: ada@example.com\r\nTo: {leave[1]}\r\nSubject: unsubscribe\r\n\r\nunsubscribe\r\n"
        mailbox.mails[1], mailbox.flags[1] = wish.encode(), ""
        passed = cron(mornings)
        assert (passed.returncode, passed.stdout, passed.stderr) == (0, "", "")
        assert mailbox.mails == {}
    [ada] = digest("subscribers", "show", "ada@example.com", "--json").json["subscriptions"]
    assert ada["state"] == "unsubscribed"
