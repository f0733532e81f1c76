"""Nothing that the program prints holds a secret: no password, no signing secret, no reader's token."""

from __future__ import annotations

import asyncio
import re
import subprocess
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from digest.cli.app import app, register
from digest.store.database import Database
from tests.deliver.relay import BadRelay, Fault
from tests.journeys.process import configure, started

pytestmark = pytest.mark.journey

PASSWORD = "quay-street-7"
SECRET = "signing-secret-of-the-tests-" + "x" * 20
CLIENT_SECRET = "secret-of-the-openid-client"
FEED_KEY = "key-of-the-feed"
OTHERS = {
    "DIGEST_WEB__METRICS_KEY": "key-of-the-metrics",
    "DIGEST_RETURNS__IMAP_PASSWORD": "password-of-the-mailbox",
    "DIGEST_PROVIDERS__MAILGUN": "key-of-mailgun",
    "DIGEST_PROVIDERS__POSTMARK": "password-of-postmark",
    "DIGEST_PROVIDERS__BREVO": "token-of-brevo",
    "DIGEST_API__HOOK_SECRET": "secret-of-our-hooks",
}
KNOWN = {
    "DIGEST_SMTP__USER": "paper",
    "DIGEST_SMTP__PASSWORD": PASSWORD,
    "DIGEST_SITE__SECRET": SECRET,
    "DIGEST_OIDC__ISSUER": "http://127.0.0.1:9",
    "DIGEST_OIDC__CLIENT_ID": "the-desk",
    "DIGEST_OIDC__CLIENT_SECRET": CLIENT_SECRET,
    "DIGEST_RETURNS__IMAP": "imap://post@127.0.0.1:9",
    **OTHERS,
}
DEAD = f"""
[[sources]]
name = "wire"
url = "http://127.0.0.1:9/feed?key={FEED_KEY}"
allow_private = true

[[hooks]]
url = "http://127.0.0.1:9/told"
allow_private = true
"""
TOKEN = re.compile(rb"/(?:confirm|unsubscribe|preferences)/([\w.=\r\n-]+)")


@contextmanager
def refusing_relay() -> Iterator[int]:
    """A relay that will not have our password, on a loop of its own; its port."""
    relay, ready, loop = (
        BadRelay(Fault("auth", "535 5.7.8 no"), ("AUTH PLAIN",)),
        threading.Event(),
        asyncio.new_event_loop(),
    )
    stop = asyncio.Event()

    async def serve() -> None:
        async with relay.running():
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait(10)
    yield relay.port
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def until(service: subprocess.Popen[str], text: str) -> str:
    """What it says up to a line with this text."""
    said = ""
    assert service.stderr
    for line in service.stderr:
        said += line
        if text in line:
            return said
    raise AssertionError(said)


def spoken(*command: str) -> str:
    """All that a command prints, and with --debug where in the code it failed."""
    done = CliRunner().invoke(app, command, prog_name="digest")
    raised = done.exception and not isinstance(done.exception, SystemExit)
    fault = "".join(traceback.format_exception(done.exception)) if raised and done.exception else ""
    return done.stdout + done.stderr + fault


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """All that a morning prints whose relay refuses us, with every fault shown in full."""
    for name, value in KNOWN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    register()
    with refusing_relay() as port:
        configure(tmp_path, port, web="port = 0")
        with (tmp_path / "config" / "digest.toml").open("a", encoding="utf-8") as file:
            file.write(DEAD)
        key = spoken("keys", "add", "cms", "--scope", "read").splitlines()[0]
        elsewhere = f"postgresql://paper:{PASSWORD}@127.0.0.1:9/none"
        commands = [
            ("subscribe", "ada@example.com"),
            ("subscribe", "bob@example.com", "--confirmed"),
            ("doctor",),
            ("collect",),
            ("collect", "--json", "--debug"),
            ("keys", "list", "--json"),
            ("status",),
            ("preview",),
            ("send", "--dry-run"),
            ("send", "--debug"),
            ("send", "--to", "ed@example.com"),
            ("status", "--json"),
            ("subscribers", "show", "ada@example.com", "--json"),
            ("db", "copy", elsewhere),
            ("db", "copy", elsewhere, "--debug"),
        ]
        printed = [spoken(*command) for command in commands]
        with started(tmp_path, "run", "--debug", **KNOWN) as service:
            printed.append(until(service, "sign-in"))
            service.terminate()
            printed += service.communicate()
        with started(tmp_path, "run", "--once", "--debug", **KNOWN) as service:
            printed += service.communicate(timeout=60)
    said = "".join(printed)
    assert key not in said, "the key of the API is shown once, when it is made"
    return said


def test_no_secret_is_printed(said: str, tmp_path: Path) -> None:
    assert "sign-in" in said
    assert "Traceback" in said
    assert "/feed?key=…" in said
    database = Database("sqlite:///var/digest.db", tmp_path)
    with database.read() as connection:
        mails = connection.exec_driver_sql("SELECT mail FROM outbox").scalars().all()
    database.close()
    tokens = {match.decode() for mail in mails for match in TOKEN.findall(mail.replace(b"=\r\n", b""))}
    assert tokens
    for secret in (PASSWORD, SECRET, CLIENT_SECRET, FEED_KEY, *OTHERS.values(), *tokens):
        assert secret not in said
