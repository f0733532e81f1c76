"""What comes back does what it must, once, to exactly whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from digest.addresses import accept
from digest.model import Complaints, Look, Notice, Returned, Subscription
from digest.pipeline import absorb, hear
from digest.steps.absorbing import Absorbed, Absorbing
from digest.steps.guarding import Guarding, guard
from digest.steps.joining import Joining
from digest.store.database import Database
from digest.store.incidents import Incidents
from digest.store.outbox import Outbox
from digest.store.pauses import Pauses
from digest.store.readers import Readers
from digest.store.returns import Returns
from digest.store.strikes import Strikes
from digest.store.suppressions import Suppressions
from digest.tokens import Purpose
from tests.builders import MORNING, NOON, TOKENS, subscribe
from tests.record.mails import TOKEN, complaint, mail, recipient, report


@pytest.fixture
def absorbing(database: Database, readers: Readers) -> Absorbing:
    returns = Returns(database, TOKENS)
    guarding = Guarding(returns, Incidents(database), Pauses(database).add)
    joining = Joining(Look(), readers, Outbox(database), TOKENS)
    return Absorbing(readers, Strikes(database), returns, guarding, joining, [MORNING])


def ours(reader: Subscription, raw: bytes) -> bytes:
    """A returned mail that carries this reader's own token."""
    return raw.replace(TOKEN.encode(), TOKENS.sign(Purpose.BOUNCE, reader.ref).encode())


def back(absorbing: Absorbing, *mails: bytes) -> list[Absorbed]:
    return [one for _, one in absorb(absorbing, (("", raw) for raw in mails), NOON)]


def dead(address: str) -> bytes:
    return report(recipient(address, diagnostic=f"550 5.1.1 <{address}>: user unknown"))


def status(absorbing: Absorbing, name: str) -> str:
    readers = absorbing.readers
    assert isinstance(readers, Readers)
    return readers.status(accept(f"{name}@example.com"))


def test_ten_thousand_forged_reports_suppress_nobody(absorbing: Absorbing, readers: Readers) -> None:
    """A hundred here: each is refused for the same reason, whatever the number; the bench sends them all."""
    subscribe(readers, "ada@example.com")
    forged = [dead("ada@example.com").replace(TOKEN.encode(), f"{n:043}".encode()) for n in range(100)]
    assert not any(one.applied for one in back(absorbing, *forged))
    assert status(absorbing, "ada") == "active"


def test_the_same_mail_counts_once_and_never_again_after_the_operator_has_lifted_it(
    absorbing: Absorbing, readers: Readers, database: Database
) -> None:
    ada = subscribe(readers, "ada@example.com").subscription
    raw = ours(ada, dead("ada@example.com"))
    assert [one.applied for one in back(absorbing, raw, raw)] == [True, True]
    assert status(absorbing, "ada") == "suppressed"
    suppressions = Suppressions(database, TOKENS)
    assert suppressions.lift(accept("ada@example.com"), NOON, "Ruth")
    back(absorbing, raw)
    assert status(absorbing, "ada") == "active"
    back(absorbing, raw + b"another")
    assert status(absorbing, "ada") == "suppressed"


def test_a_mail_that_names_many_counts_for_its_token_alone_and_by_the_worst_it_says(
    absorbing: Absorbing, readers: Readers
) -> None:
    ada = subscribe(readers, "ada@example.com").subscription
    subscribe(readers, "bob@example.com")
    raw = report(
        recipient("bob@example.com", status="4.2.2", diagnostic="452 4.2.2 mailbox full"),
        recipient("ada@example.com", diagnostic="550 5.1.1 user unknown"),
    )
    [done] = back(absorbing, ours(ada, raw))
    assert (done.kind, done.applied) == ("hard", True)
    assert (status(absorbing, "ada"), status(absorbing, "bob")) == ("suppressed", "active")


def test_a_mail_to_the_unsubscribe_address_ends_the_subscription_its_token_names(
    absorbing: Absorbing, readers: Readers
) -> None:
    ada = subscribe(readers, "ada@example.com").subscription
    subscribe(readers, "bob@example.com")
    token = TOKENS.sign(Purpose.UNSUBSCRIBE, ada.ref)
    leave = f"From: bob@example.com\nTo: unsubscribe+{token}@example.com\n\n".encode()
    [done, again] = back(absorbing, leave, leave)
    assert (done.kind, done.applied, again.applied) == ("unsubscribe", True, True)
    [farewell] = absorbing.joining.outbox.claim(NOON)  # once, with the way back
    assert farewell.address == "ada@example.com"
    assert b"/return/" in farewell.mail
    assert (status(absorbing, "ada"), status(absorbing, "bob")) == ("unsubscribed", "active")


def test_a_token_of_another_purpose_or_a_forged_one_ends_nothing(
    absorbing: Absorbing, readers: Readers
) -> None:
    ada = subscribe(readers, "ada@example.com").subscription
    for token in (TOKENS.sign(Purpose.BOUNCE, ada.ref), "A" * 43):
        back(absorbing, f"To: unsubscribe+{token}@example.com\n\nplease".encode())
    assert status(absorbing, "ada") == "active"


def test_a_returned_mail_that_shows_the_unsubscribe_address_is_no_wish_to_leave(
    absorbing: Absorbing, readers: Readers
) -> None:
    ada = subscribe(readers, "ada@example.com").subscription
    token = TOKENS.sign(Purpose.UNSUBSCRIBE, ada.ref)
    raw = mail(
        f"Out of office.\n\nList-Unsubscribe: <mailto:unsubscribe+{token}@example.com>", subject="Away"
    )
    back(absorbing, raw)
    assert status(absorbing, "ada") == "active"


def test_a_provider_whose_word_was_checked_names_readers_by_address(
    absorbing: Absorbing, readers: Readers
) -> None:
    subscribe(readers, "ada@example.com")
    subscribe(readers, "bob@example.com")
    notices = [
        Notice("1", Returned("ADA@example.com", "complaint")),
        Notice("2", Returned("stranger@example.com", "hard")),
        Notice("3", Returned("no address", "hard")),
    ]
    assert hear(absorbing, notices, NOON) == 1
    assert (status(absorbing, "ada"), status(absorbing, "bob")) == ("suppressed", "active")


# ------------------------------------------------------------ our good name


@dataclass(frozen=True)
class Counted(Returns):
    """A day's complaints as a test has them."""

    day: tuple[Complaints, ...]

    def complaints(self, since: object) -> tuple[Complaints, ...]:
        return self.day


def guarded(database: Database, *day: Complaints) -> tuple[list[str], list[str]]:
    """The scopes that are paused, and the incidents that are open, after a look at this day."""
    incidents, pauses = Incidents(database), Pauses(database)
    guard(Guarding(Counted(day), incidents, pauses.add), NOON)
    return [one.scope for one in pauses.standing(NOON)], [one.key for one in incidents.current()]


def test_four_complaints_of_a_thousand_pause_and_are_told(database: Database) -> None:
    day = (Complaints("", 4, 1000), Complaints("example.com", 4, 1000))
    scopes, keys = guarded(database, *day)
    assert scopes == ["all", "domain:example.com"]
    assert keys == ["complaints:paused:all:2026-03-10", "complaints:paused:example.com:2026-03-10"]


def test_two_of_a_thousand_are_a_warning(database: Database) -> None:
    assert guarded(database, Complaints("", 2, 1000)) == ([], ["complaints:warned:all:2026-03-10"])


@pytest.mark.parametrize("few", [Complaints("", 1, 10), Complaints("", 1, 900), Complaints("", 9, 10_000)])
def test_one_of_ten_is_an_accident_and_few_of_many_are_life(database: Database, few: Complaints) -> None:
    assert guarded(database, few) == ([], [])


def test_whoever_resumes_is_not_overruled_by_the_next_complaint_until_tomorrow(database: Database) -> None:
    guarded(database, Complaints("", 4, 1000))
    pauses, incidents = Pauses(database), Incidents(database)
    pauses.lift()
    assert guarded(database, Complaints("", 5, 1000))[0] == []
    tomorrow = NOON + timedelta(days=1)
    guard(Guarding(Counted((Complaints("", 5, 1000),)), incidents, pauses.add), tomorrow)
    assert [one.scope for one in pauses.standing(NOON)] == ["all"]
    assert [one.key for one in incidents.current()] == ["complaints:paused:all:2026-03-11"]


def test_a_complaint_is_counted_when_it_comes_back_and_looked_at(
    absorbing: Absorbing, readers: Readers, database: Database
) -> None:
    ada = subscribe(readers, "ada@example.com").subscription
    raw = ours(ada, complaint("abuse"))
    back(absorbing, raw, raw)
    since = NOON - timedelta(days=1)
    assert Returns(database, TOKENS).complaints(since) == [
        Complaints("", 1, 0),
        Complaints("example.com", 1, 0),
    ]
    assert Pauses(database).standing(NOON) == []
