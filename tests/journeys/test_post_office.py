"""With real servers: the edition through Postfix into a mailbox, and back again what nobody has."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import today
from tests.journeys.post_office import PostOffice, open_for, wait_for
from tests.journeys.process import command, configure, environment, started

pytestmark = pytest.mark.system

READERS = [f"reader{n}" for n in range(60)]


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with open_for("ada", "bob", "bounce", *READERS) as opened:
        yield opened


def digest(folder: Path, *args: str, stdin: Any = None) -> subprocess.CompletedProcess[str]:
    env = environment() | {"DIGEST_RETURNS__IMAP_PASSWORD": "secret"}
    return subprocess.run(
        command(*args),
        cwd=folder,
        stdin=stdin,
        capture_output=True,
        text=True,
        env=env,
        timeout=60,
        check=False,
    )


def prepare(
    folder: Path, office: PostOffice, *readers: str, sender: str = "example.com", **more: str
) -> None:
    returns = f'verp = true\nimap = "imap://bounce@127.0.0.1:{office.imap}"'
    configure(folder, office.smtp, returns=returns, **more)
    file = folder / "config" / "digest.toml"
    file.write_text(file.read_text().replace("<news@example.com>", f"<news@{sender}>"))
    (folder / "today.jsonl").write_text("\n".join(map(json.dumps, today())))
    (folder / "readers.csv").write_text("\n".join(["address", *(f"{name}@example.com" for name in readers)]))
    assert digest(folder, "import", "today.jsonl").returncode == 0
    assert digest(folder, "subscribers", "import", "readers.csv", "--confirmed").returncode == 0


def status(folder: Path, name: str) -> str:
    shown = digest(folder, "subscribers", "show", f"{name}@example.com", "--json")
    return str(json.loads(shown.stdout)["status"])


def test_the_edition_is_read_by_imap_and_an_unknown_readers_comes_back_by_the_mailbox(
    office: PostOffice, tmp_path: Path
) -> None:
    prepare(tmp_path, office, "ada", "nobody")
    assert digest(tmp_path, "send").returncode == 0
    wait_for(lambda: office.read("ada"))
    [raw] = office.read("ada")
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["To"] == "ada@example.com"
    page = mail.get_body(("html",))
    assert page is not None
    assert "Bridge opens a year early" in page.get_content()
    wait_for(lambda: office.read("bounce"))
    digest(tmp_path, "run", "--once", "--quiet")
    assert (status(tmp_path, "ada"), status(tmp_path, "nobody")) == ("active", "suppressed")
    assert office.read("bounce") == [], "it was recorded, and then deleted"


def test_an_unknown_readers_mail_comes_back_by_the_pipe(office: PostOffice, tmp_path: Path) -> None:
    prepare(tmp_path, office, "bob", "stranger", sender="piped.example.com")
    with started(tmp_path, "send", "--quiet") as sender, office.pipe.open() as pipe:
        done = digest(tmp_path, "bounce", "-", "--json", stdin=pipe)
        assert sender.wait(60) == 0
    assert [(one["kind"], one["applied"]) for one in json.loads(done.stdout)["results"]] == [("hard", True)]
    assert (status(tmp_path, "bob"), status(tmp_path, "stranger")) == ("active", "suppressed")
    wait_for(lambda: office.read("bob"))


def test_postfix_stopped_in_the_middle_of_a_run_loses_nobody(office: PostOffice, tmp_path: Path) -> None:
    prepare(tmp_path, office, *READERS, smtp="connections = 3\nrate = 40", delivery="first_retry = 1")

    def arrived() -> dict[str, int]:
        return {name: count for name, count in office.counts().items() if name.startswith("reader")}

    with started(tmp_path, "send", "--quiet") as sender:
        wait_for(lambda: len(arrived()) >= 10)
        office.postfix("abort")
        assert sender.wait(60) != 0, "some are left"
    office.postfix("start")
    told = digest(tmp_path, "send", "--retry-failed", "--wait", "--json").stdout
    assert (json.loads(told)["accepted"], json.loads(told)["all"]) == (len(READERS), len(READERS))
    wait_for(lambda: len(arrived()) == len(READERS))
    assert sum(arrived().values()) <= len(READERS) + 3, "one mail a connection may have been in doubt"
