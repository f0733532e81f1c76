"""The mailbox keeps the newest mails within its bounds, and wakes whoever waits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from digest.inbox.mailbox import Mailbox, Received

AT = datetime(2025, 5, 14, 7, tzinfo=UTC)


def put(mailbox: Mailbox, *raws: bytes) -> list[Received]:
    return [mailbox.add(AT, "news@example.com", ("reader@example.com",), raw) for raw in raws]


def test_newest_mail_comes_first() -> None:
    mailbox = Mailbox()
    put(mailbox, b"first", b"second", b"third")
    assert [received.raw for received in mailbox] == [b"third", b"second", b"first"]


def test_ids_count_from_one_and_find_their_mail() -> None:
    mailbox = Mailbox()
    first, second = put(mailbox, b"first", b"second")
    assert (first.id, second.id) == (1, 2)
    assert mailbox.get(2) == second


@pytest.mark.parametrize(
    ("newest", "max_bytes", "kept"),
    [
        (2, 1_000, [b"ccc", b"bbb"]),
        (9, 6, [b"ccc", b"bbb"]),
        (9, 5, [b"ccc"]),
        (9, 1, [b"ccc"]),  # larger than all it may hold, yet the newest
        (9, 9, [b"ccc", b"bbb", b"aaa"]),
    ],
)
def test_oldest_mails_make_room(newest: int, max_bytes: int, kept: list[bytes]) -> None:
    mailbox = Mailbox(newest, max_bytes)
    put(mailbox, b"aaa", b"bbb", b"ccc")
    assert [received.raw for received in mailbox] == kept
    assert len(mailbox) == len(kept)


def test_a_forgotten_mail_is_gone_but_counted() -> None:
    mailbox = Mailbox(newest=1)
    put(mailbox, b"first", b"second")
    assert mailbox.get(1) is None
    assert mailbox.count == 2


async def test_waiting_ends_with_the_mail_that_completes_the_count() -> None:
    mailbox = Mailbox(newest=1)
    waiting = asyncio.create_task(mailbox.wait(2))
    for arrived in (False, True):
        await asyncio.sleep(0)
        put(mailbox, b"mail")
        await asyncio.wait({waiting}, timeout=1 if arrived else 0)
        assert waiting.done() is arrived


async def test_what_has_come_is_not_waited_for() -> None:
    mailbox = Mailbox()
    put(mailbox, b"mail")
    async with asyncio.timeout(1):
        await mailbox.wait(1)
