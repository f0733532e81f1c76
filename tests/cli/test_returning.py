"""Returned mail as the service takes it in: by mailbox and by port, to the reader it concerns."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.addresses import accept
from digest.cli.returning import look_after, taking_returns
from digest.settings import check
from digest.tokens import Purpose
from digest.wiring import App
from tests.builders import NOON, subscribe
from tests.record.imap_server import ImapServer
from tests.record.mails import TOKEN, recipient, report

ADA = accept("ada@example.com")
DEAD = report(recipient("ada@example.com", diagnostic="550 5.1.1 user unknown"))


def wired(folder: Path, **returns: str) -> App:
    newsletter = {"slug": "morning", "title": "News", "from": "News <news@example.com>"}
    app = App(check({"folder": folder, "newsletters": [newsletter], "returns": returns}, "a test"))
    subscribe(app.readers, "ada@example.com", app.newsletters[0])
    return app


def hers(app: App) -> bytes:
    """A returned mail with ada's token."""
    [ada] = app.readers.of(ADA)
    return DEAD.replace(TOKEN.encode(), app.tokens.sign(Purpose.BOUNCE, ada.ref).encode())


@pytest.fixture
def mailbox() -> Iterator[ImapServer]:
    with ImapServer({}) as server:
        yield server


def test_what_the_mailbox_has_for_us_is_done_and_gone(tmp_path: Path, mailbox: ImapServer) -> None:
    app = wired(tmp_path, imap=f"imap://post@127.0.0.1:{mailbox.port}", imap_password="secret")
    mailbox.mails = {1: hers(app), 2: DEAD}
    mailbox.flags = {1: "", 2: ""}
    look_after(app, NOON)
    assert app.readers.status(ADA) == "suppressed"
    assert mailbox.mails == {2: DEAD}, "the forged one is left for a person"
    app.close()


def test_a_mailbox_that_cannot_be_read_is_an_incident_until_it_can(
    tmp_path: Path, mailbox: ImapServer, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"imap": f"imap://post@127.0.0.1:{mailbox.port}", "imap_password": "guess"}
    app = wired(tmp_path, **wrong)
    look_after(app, NOON)
    look_after(app, NOON)
    [incident] = app.incidents.current()
    assert f"127.0.0.1:{mailbox.port}/INBOX cannot be read" in incident.text
    right = app.settings.returns.model_copy(update={"imap_password": "secret"})
    app.settings = app.settings.model_copy(update={"returns": right})
    look_after(app, NOON)
    assert app.incidents.current() == []
    app.close()


async def test_what_comes_to_the_port_is_done_before_it_is_answered_for(tmp_path: Path) -> None:
    def bring(port: int) -> None:
        with smtplib.LMTP("127.0.0.1", port, "mail.example.com") as client:
            client.sendmail("", "bounce@example.com", hers(app))

    app = wired(tmp_path, lmtp="127.0.0.1:0")
    async with taking_returns(app) as port:
        await asyncio.to_thread(bring, port)
        assert app.readers.status(ADA) == "suppressed"
    app.close()


async def test_without_a_port_nobody_listens(tmp_path: Path) -> None:
    app = wired(tmp_path)
    async with taking_returns(app) as port:
        assert port == 0
    app.close()
