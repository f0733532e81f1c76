"""The port for returned mail: what it answers for is recorded."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import threading
from collections.abc import Callable, Sequence

from digest.record.lmtp import LARGEST, taking

BOX, OTHER = "bounce+TOKEN@example.com", "other@example.com"
RAW = b"Subject: Undelivered\r\n\r\n.a dot, and nothing more\r\n"


async def talk(
    take: Callable[[Sequence[bytes]], object], conversation: Callable[[smtplib.LMTP], object]
) -> object:
    def as_client(port: int) -> object:
        with smtplib.LMTP("127.0.0.1", port, "mail.example.com") as client:
            return conversation(client)

    async with taking("127.0.0.1", 0, take) as port:
        return await asyncio.to_thread(as_client, port)


async def test_a_mail_is_taken_with_the_address_it_came_to() -> None:
    taken: list[bytes] = []
    await talk(taken.extend, lambda client: client.sendmail("", BOX, RAW))
    assert taken == [b"X-Original-To: bounce+TOKEN@example.com\r\n" + RAW]


async def test_what_could_not_be_recorded_stays_with_the_server_that_brings_it() -> None:
    def fails(mails: Sequence[bytes]) -> None:
        raise OSError("the disk is full")

    def code(client: smtplib.LMTP) -> int:
        client.ehlo_or_helo_if_needed()
        client.mail("")
        client.rcpt(BOX)
        return client.data(RAW)[0]

    assert await talk(fails, code) == 451


async def test_there_is_one_recipient_a_mail_and_an_end_to_its_size() -> None:
    def codes(client: smtplib.LMTP) -> list[int]:
        client.ehlo_or_helo_if_needed()
        client.mail("")
        two = [client.rcpt(BOX)[0], client.rcpt(OTHER)[0]]
        client.rset()
        return [*two, client.mail("", [f"size={LARGEST + 1}"])[0]]

    assert await talk(bool, codes) == [250, 452, 552]


async def test_a_client_that_hangs_up_before_its_answer_holds_nobody_up() -> None:
    begun, go_on, taken = threading.Event(), threading.Event(), list[bytes]()

    def slowly(mails: Sequence[bytes]) -> None:
        begun.set()
        go_on.wait(10)
        taken.extend(mails)

    def hang_up_and_come_back(client: smtplib.LMTP) -> None:
        client.ehlo_or_helo_if_needed()
        client.mail("")
        client.rcpt(BOX)
        client.docmd("DATA")
        client.send(RAW + b".\r\n")
        begun.wait(10)
        assert client.sock
        host, port = client.sock.getpeername()
        client.sock.shutdown(socket.SHUT_RDWR)
        with smtplib.LMTP(host, port, "mail.example.com") as other:
            go_on.set()
            other.sendmail("", OTHER, RAW)

    await talk(slowly, hang_up_and_come_back)
    assert [OTHER.encode() in mail for mail in taken] == [False, True]
