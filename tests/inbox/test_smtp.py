"""The catcher speaks SMTP as it says it does, on a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from digest.inbox.mailbox import Mailbox
from digest.inbox.smtp import SIZE_LIMIT, Catcher

AT = datetime(2025, 5, 14, 7, tzinfo=UTC)
MAIL = b"From: news@example.com\r\nSubject: Morning\r\n\r\nNews.\r\n"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def catcher(mailbox: Mailbox) -> AsyncIterator[Catcher]:
    catcher = Catcher(mailbox, "127.0.0.1", 0, clock=lambda: AT)
    await catcher.start()
    yield catcher
    await catcher.stop()


def client(catcher: Catcher) -> SMTP:
    """With a name of its own: to ask the resolver takes seconds where there is no network."""
    return SMTP(
        hostname=catcher.host,
        port=catcher.port,
        local_hostname="sender.example.com",
        start_tls=False,
        timeout=5,
    )


async def talk(catcher: Catcher, sent: bytes, replies: int) -> list[bytes]:
    """Sends everything in one write, and reads that many replies, of one line each."""
    reader, writer = await asyncio.open_connection(catcher.host, catcher.port)
    async with asyncio.timeout(5):
        await reader.readline()
        writer.write(sent)
        lines = [await reader.readline() for _ in range(replies)]
    writer.close()
    await writer.wait_closed()
    return lines


async def test_a_mail_is_kept_as_it_came(catcher: Catcher, mailbox: Mailbox) -> None:
    async with client(catcher) as smtp:
        await smtp.sendmail("bounce+7@example.com", ["a@example.com", "b@example.net"], MAIL)
    (received,) = mailbox
    assert received.raw == MAIL
    assert received.at == AT
    assert received.mail_from == "bounce+7@example.com"
    assert received.rcpt == ("a@example.com", "b@example.net")


async def test_stuffed_dots_are_taken_out(catcher: Catcher, mailbox: Mailbox) -> None:
    async with client(catcher) as smtp:
        await smtp.sendmail("news@example.com", ["a@example.com"], MAIL + b".\r\n..two\r\n")
    assert next(iter(mailbox)).raw == MAIL + b".\r\n..two\r\n"


async def test_a_returned_mail_has_no_sender(catcher: Catcher, mailbox: Mailbox) -> None:
    async with client(catcher) as smtp:
        await smtp.ehlo()
        await smtp.mail("")
        await smtp.rcpt("a@example.com")
        await smtp.data(MAIL)
    assert next(iter(mailbox)).mail_from == ""


async def test_the_extensions_it_offers(catcher: Catcher) -> None:
    async with client(catcher) as smtp:
        await smtp.ehlo()
        assert set(smtp.esmtp_extensions) == {"size", "8bitmime", "smtputf8", "pipelining", "help"}


async def test_commands_sent_ahead_are_answered_in_their_turn(catcher: Catcher, mailbox: Mailbox) -> None:
    """RFC 2920, and the next envelope in the same write as the final dot."""
    envelope = b"MAIL FROM:<news@example.com>\r\nRCPT TO:<%s@example.com>\r\nDATA\r\n"
    first, second = envelope % b"a", envelope % b"b"
    replies = await talk(
        catcher, b"HELO x\r\n" + first + MAIL + b".\r\n" + second + MAIL + b".\r\nQUIT\r\n", 10
    )
    assert [int(reply[:3]) for reply in replies] == [250, 250, 250, 354, 250, 250, 250, 354, 250, 221]
    assert [received.rcpt for received in mailbox] == [("b@example.com",), ("a@example.com",)]


async def test_international_addresses_and_eight_bit_text_pass(catcher: Catcher, mailbox: Mailbox) -> None:
    raw = "Subject: Grüße\r\n\r\nÖl\r\n".encode()
    async with client(catcher) as smtp:
        await smtp.sendmail(
            "news@example.com", ["jürgen@example.com"], raw, mail_options=["SMTPUTF8", "BODY=8BITMIME"]
        )
    received = next(iter(mailbox))
    assert received.rcpt == ("jürgen@example.com",)
    assert received.raw == raw


async def test_a_mail_announced_too_large_is_refused(catcher: Catcher, mailbox: Mailbox) -> None:
    async with client(catcher) as smtp:
        await smtp.ehlo()
        with pytest.raises(SMTPResponseException) as refused:
            await smtp.mail("news@example.com", options=[f"SIZE={SIZE_LIMIT + 1}"])
    assert refused.value.code == 552
    assert len(mailbox) == 0


async def test_stopping_hangs_up_on_those_still_connected(mailbox: Mailbox) -> None:
    catcher = Catcher(mailbox, "127.0.0.1", 0)
    await catcher.start()
    smtp = client(catcher)
    await smtp.connect()
    await catcher.stop()
    with pytest.raises(SMTPException):
        await smtp.noop()
