"""The mail to those who have an edition that was corrected: everyone once, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest

from digest.model import Mail, Single
from digest.steps import telling
from digest.steps.telling import ROOM, tell_as_they_leave, tell_everyone, tell_some
from digest.store.database import Database
from digest.store.outbox import Outbox
from digest.store.tellings import Tellings
from tests.builders import MORNING, NOON, TOKENS
from tests.steps.conftest import Live
from tests.steps.mornings import HOUR, Mornings

DAY = date(2026, 3, 10)
NAMES = ("ann", "bea", "cy", "dan", "eve")


@pytest.fixture
def told(live: Live, database: Database, monkeypatch: pytest.MonkeyPatch) -> Mornings:
    """Five readers have an edition, and are to be told what was wrong in it, two at a time."""
    monkeypatch.setattr(telling, "BATCH", 2)
    mornings = live(MORNING)
    for name in NAMES:
        mornings.join(name, NOON - 24 * HOUR)
    mornings.publish("pier", NOON - 7 * HOUR)
    for hours in (-8, -6, -4):
        mornings.tick(NOON + hours * HOUR)
    mornings.all_accepted()
    stored = mornings.service.editions.find(MORNING, DAY)
    assert stored
    Tellings(database).ask(stored.id, 1, "The pier is not closed.", NOON)
    return mornings


def mails(database: Database) -> list[Mail]:
    return sorted(Outbox(database).claim(NOON, 99), key=lambda mail: mail.id)


def text_of(mail: Mail) -> str:
    body = message_from_bytes(mail.mail, policy=policy.default).get_body(("plain",))
    assert body
    return str(body.get_content())


def test_each_gets_one_with_links_of_their_own(told: Mornings, database: Database) -> None:
    assert tell_everyone(told.service, Tellings(database), TOKENS, NOON) == 5
    written = mails(database)
    assert [mail.address.partition("@")[0] for mail in written] == list(NAMES)
    links = {line for mail in written for line in text_of(mail).splitlines() if "/unsubscribe/" in line}
    assert len(links) == 5
    for mail in written:
        assert "The pier is not closed." in text_of(mail)
        assert telling.UNSUBSCRIBE.encode() not in mail.mail
        assert telling.PREFERENCES.encode() not in mail.mail
        assert mail.address in text_of(mail)


def test_it_speaks_the_readers_language(told: Mornings, database: Database) -> None:
    german = replace(told.service, newsletters=[replace(MORNING, language="de")])
    tell_everyone(german, Tellings(database), TOKENS, NOON)
    message = message_from_bytes(mails(database)[0].mail, policy=policy.default)
    assert message["Subject"].startswith("Berichtigung: ")


def test_after_a_crash_it_goes_on_where_it_stood(told: Mornings, database: Database) -> None:
    class Crash(Exception):
        pass

    class Dying(Tellings):
        """The process dies with its second batch in hand."""

        puts = 0

        def put(self, *given: object) -> int:
            Dying.puts += 1
            if Dying.puts == 2:
                raise Crash
            return super().put(*given)  # type: ignore[arg-type]  # handed on as they came

    with pytest.raises(Crash):
        tell_everyone(told.service, Dying(database), TOKENS, NOON)
    assert Outbox(database).waiting() == 2
    assert tell_everyone(told.service, Tellings(database), TOKENS, NOON) == 3
    assert [mail.address.partition("@")[0] for mail in mails(database)] == list(NAMES)


def test_two_processes_write_to_nobody_twice(told: Mornings, database: Database) -> None:
    class Beside(Tellings):
        """Another process is quicker, between reading whom to write to and writing."""

        def put(self, *given: object) -> int:
            tell_some(told.service, Tellings(database), TOKENS, NOON)
            return super().put(*given)  # type: ignore[arg-type]  # handed on as they came

    tell_everyone(told.service, Beside(database), TOKENS, NOON)
    assert [mail.address.partition("@")[0] for mail in mails(database)] == list(NAMES)


def test_no_more_are_put_in_than_leave(told: Mornings, database: Database) -> None:
    outbox, tellings = Outbox(database), Tellings(database)
    for n in range(ROOM - 1):
        outbox.put(Single(f"confirm:{n}", "confirm", "reader@example.com", b"x"), NOON)
    for _ in range(3):
        tell_as_they_leave(told.service, tellings, TOKENS, NOON)
    assert outbox.waiting() == ROOM + 1


def test_whoever_left_meanwhile_is_not_written_to(told: Mornings, database: Database) -> None:
    [bea] = [one for one in told.readers.every() if one.address.startswith("bea")]
    told.readers.leave(bea.ref, NOON)
    assert tell_everyone(told.service, Tellings(database), TOKENS, NOON) == 4
