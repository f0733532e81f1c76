"""Whoever waits to confirm has been asked, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from digest.addresses import accept
from digest.model import Single, Subscribed
from digest.steps.joining import Joining, join_many
from digest.store.database import Database
from digest.store.outbox import Outbox
from digest.store.readers import Readers
from tests.builders import LOOK, MORNING, NOON, TOKENS, order

PEOPLE = [(accept(f"{name}@example.com"), order()) for name in ("ada", "bob", "cleo")]
HOUR = timedelta(hours=1)


class Dead(Exception):
    """The process ended here."""


class DiesAtTheSecond(Outbox):
    """Takes one mail."""

    taken = 0

    def put(self, single: Single, now: datetime) -> bool:
        self.taken += 1
        if self.taken == 2:
            raise Dead
        return super().put(single, now)


def taken_in(readers: Readers, outbox: Outbox, hours: int, *, confirmed: bool = False) -> list[Subscribed]:
    joining, now = Joining(LOOK, readers, outbox, TOKENS), NOON + hours * HOUR
    return join_many(joining, PEOPLE, MORNING, "import of people.csv", confirmed, now)


def test_an_import_that_was_killed_is_done_again_and_asks_those_it_had_not_come_to(
    database: Database, readers: Readers
) -> None:
    outbox = Outbox(database)
    with pytest.raises(Dead):
        taken_in(readers, DiesAtTheSecond(database), 0)
    assert [mail.address for mail in outbox.claim(NOON)] == ["ada@example.com"]
    assert [one.created for one in taken_in(readers, outbox, 1)] == [False, False, False]
    assert sorted(mail.address for mail in outbox.claim(NOON + HOUR)) == [
        address.mailed for address, _ in PEOPLE
    ]
    assert outbox.waiting() == 3
    taken_in(readers, outbox, 2)
    assert outbox.waiting() == 3


def test_who_is_confirmed_already_is_not_asked(database: Database, readers: Readers) -> None:
    outbox = Outbox(database)
    taken_in(readers, outbox, 0, confirmed=True)
    taken_in(readers, outbox, 1)
    assert outbox.waiting() == 0
