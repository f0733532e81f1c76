"""The inbox whole: a mail goes in by SMTP and comes out on a page."""

from __future__ import annotations

import asyncio
import signal

import pytest
from aiosmtplib import SMTP
from httpx2 import AsyncClient

from digest.errors import DigestError
from digest.inbox.server import Inbox


async def test_a_mail_sent_is_a_mail_read() -> None:
    async with Inbox() as inbox, asyncio.timeout(10):
        async with SMTP(
            hostname=inbox.host, port=inbox.smtp_port, local_hostname="sender.example.com", start_tls=False
        ) as smtp:
            await smtp.sendmail(
                "news@example.com", ["reader@example.com"], b"Subject: Good morning\r\n\r\nNews.\r\n"
            )
        await inbox.mailbox.wait(1)
        async with AsyncClient() as client:
            page = await client.get(f"{inbox.web_url}/mail/1")
    assert "Good morning" in page.text
    assert "server" not in page.headers


async def test_signals_stay_with_the_command_that_runs_it() -> None:
    before = signal.getsignal(signal.SIGTERM)
    async with Inbox() as inbox, AsyncClient() as client:
        await client.get(inbox.web_url)
        assert signal.getsignal(signal.SIGTERM) is before


async def test_a_taken_port_is_an_error_and_leaves_nothing_behind() -> None:
    async with Inbox() as first:
        with pytest.raises(DigestError, match="is in use: stop what listens there, or name"):
            await Inbox(web_port=first.web_port).__aenter__()
        with pytest.raises(DigestError, match="is in use: stop what listens there, or name"):
            await Inbox(smtp_port=first.smtp_port).__aenter__()


async def test_it_hangs_up_when_it_ends() -> None:
    async with Inbox() as inbox:
        reader, writer = await asyncio.open_connection(inbox.host, inbox.smtp_port)
        await reader.readline()
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()
