"""What charts and the API are told, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from sqlalchemy import select, update

from digest.addresses import accept
from digest.model import Counts, DeliveryState, EditionState, Growth, Hour, Minute, OfDomain, Run, Trouble
from digest.store import tables
from digest.store.database import Database
from digest.store.editions import Editions
from digest.store.planning import Planning
from digest.store.readers import Readers
from digest.store.statistics import Statistics
from digest.store.strikes import Strikes
from digest.store.suppressions import Suppressions
from tests.builders import MORNING, NOON, TOKENS, order, subscribe
from tests.contracts.test_store import DAY, frozen, plan_of

HOUR = timedelta(hours=1)
DUBLIN, KATHMANDU = "Europe/Dublin", "Asia/Kathmandu"


def sent(database: Database, *addresses: str) -> int:
    """An edition that is being sent to these readers."""
    for address in addresses:
        subscribe(Readers(database, TOKENS), address)
    stored, planning = frozen(database), Planning(database)
    planning.plan(planning.moments(MORNING), plan_of(database, stored))
    Editions(database).issue(stored.id, NOON, again=False)
    return stored.id


def came_to(database: Database, states: Sequence[DeliveryState], minutes: Sequence[int] = ()) -> None:
    """What became of the planned deliveries, in order, and in which minute after noon."""
    at = dict(enumerate(minutes))
    with database.write() as connection:
        ids = connection.scalars(select(tables.delivery.c.id).order_by(tables.delivery.c.id)).all()
        for number, (delivery, state) in enumerate(zip(ids, states, strict=True)):
            there = update(tables.delivery).where(tables.delivery.c.id == delivery)
            when = int((NOON + timedelta(minutes=at.get(number, 0))).timestamp()) + number
            connection.execute(there.values(state=state, at=when))


def test_growth_is_told_for_each_day_where_the_newsletter_is(database: Database) -> None:
    readers, suppressions = Readers(database, TOKENS), Suppressions(database, TOKENS)
    subscribe(readers, "ada@example.com", at=NOON - timedelta(days=9))
    bob = subscribe(readers, "bob@example.com", at=NOON - timedelta(days=1)).subscription
    subscribe(readers, "cleo@example.com", at=NOON + 7 * HOUR)  # after midnight in Kathmandu
    subscribe(readers, "pending@example.com", confirmed=False, at=NOON)
    readers.leave(bob.ref, NOON)
    suppressions.add(accept("ada@example.com"), "hard", "", NOON + HOUR)
    ninth, tenth, eleventh = (date(2026, 3, day) for day in (9, 10, 11))
    statistics = Statistics(database)
    assert statistics.growth("morning", ninth, eleventh, "UTC") == [
        Growth(ninth, joined=1, left=0, readers=2),
        Growth(tenth, joined=1, left=2, readers=1),
        Growth(eleventh, joined=0, left=0, readers=1),
    ]
    assert statistics.growth("morning", tenth, eleventh, KATHMANDU) == [
        Growth(tenth, joined=0, left=2, readers=0),
        Growth(eleventh, joined=1, left=0, readers=1),
    ]
    assert statistics.growth("evening", tenth, tenth, "UTC") == [Growth(tenth, 0, 0, 0)]


def test_who_is_mailed_again_is_a_reader_again(database: Database) -> None:
    subscribe(Readers(database, TOKENS), "ada@example.com")
    suppressions = Suppressions(database, TOKENS)
    suppressions.add(accept("ada@example.com"), "by hand", "", NOON)
    suppressions.lift(accept("ada@example.com"), NOON + HOUR)
    assert Statistics(database).growth("morning", DAY, DAY, "UTC") == [Growth(DAY, 1, 0, 1)]


def test_a_run_tells_its_outcomes_and_who_left_because_of_it(database: Database) -> None:
    readers = Readers(database, TOKENS)
    edition = sent(database, "ada@example.com", "bob@example.com", "cleo@example.org")
    accepted, refused, planned = DeliveryState.ACCEPTED, DeliveryState.REFUSED, DeliveryState.PLANNED
    came_to(database, [accepted, refused, planned])
    readers.leave(readers.of(accept("ada@example.com"))[0].ref, NOON + HOUR)
    assert Statistics(database).runs("morning") == [
        Run(edition, DAY, "", "The harbour story", EditionState.ISSUED, Counts(1, accepted=1, refused=1), 1)
    ]
    frozen(database, "another", day=DAY + timedelta(days=1))
    readers.leave(readers.of(accept("bob@example.com"))[0].ref, NOON + HOUR)
    assert [run.unsubscribed for run in Statistics(database).runs("morning")] == [2, 0]
    assert Statistics(database).runs("morning", before=DAY) == []


def test_outcomes_are_told_by_domain(database: Database) -> None:
    edition = sent(database, "ada@example.com", "bob@example.com", "cleo@example.org")
    accepted, refused = DeliveryState.ACCEPTED, DeliveryState.REFUSED
    came_to(database, [accepted, accepted, refused])
    assert Statistics(database).domains(edition) == [
        OfDomain("example.com", Counts(accepted=2)),
        OfDomain("example.org", Counts(refused=1)),
    ]
    assert len(Statistics(database).domains(edition, limit=1)) == 1


def test_the_pace_of_a_run_is_told_by_the_minute(database: Database) -> None:
    edition = sent(database, "ada@example.com", "bob@example.com", "cleo@example.com", "dora@example.com")
    accepted = DeliveryState.ACCEPTED
    came_to(database, [accepted, accepted, accepted, DeliveryState.DEFERRED], minutes=[0, 0, 3, 1])
    assert Statistics(database).minutes(edition) == [
        Minute(NOON, 2),
        Minute(NOON + timedelta(minutes=3), 1),
    ]


def test_troubles_are_told_by_day_and_kind(database: Database) -> None:
    suppressions = Suppressions(database, TOKENS)
    for number, (reason, at) in enumerate([("hard", NOON), ("hard", NOON), ("complaint", NOON + 24 * HOUR)]):
        suppressions.add(accept(f"reader{number}@example.com"), reason, "", at)
    sent(database, "ada@example.com")
    Strikes(database).add(Readers(database, TOKENS).of(accept("ada@example.com"))[0], NOON)
    following = DAY + timedelta(days=1)
    assert Statistics(database).troubles(DAY, following, DUBLIN) == [
        Trouble(DAY, "hard", 2),
        Trouble(DAY, "strike", 1),
        Trouble(following, "complaint", 1),
    ]
    assert Statistics(database).troubles(following, following, DUBLIN) == [Trouble(following, "complaint", 1)]


def test_when_readers_have_their_mornings(database: Database) -> None:
    readers = Readers(database, TOKENS)
    for name, hour in (("ada", 7), ("bob", 7), ("cleo", 9)):
        subscribe(readers, f"{name}@example.com", wish=order(DUBLIN, time(hour)))
    subscribe(readers, "pending@example.com", wish=order(DUBLIN, time(9)), confirmed=False)
    assert Statistics(database).hours("morning") == [
        Hour(DUBLIN, time(7), "daily", 2),
        Hour(DUBLIN, time(9), "daily", 1),
    ]
