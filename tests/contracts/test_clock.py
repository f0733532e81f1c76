"""What a tick reads: the small table of moments by their due time, and no subscriber."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, insert, text

from digest.compose.edition import compose
from digest.model import Mornings, Plan, Rendering, Segment
from digest.store import tables
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.moments import due_query
from digest.store.planning import Planning
from digest.store.readers import Readers
from digest.store.renderings import Renderings
from digest.store.retold import Retold
from digest.store.stories import Stories
from tests.builders import TOKENS, found, newsletter, order, subscribe

NOW = datetime(2026, 3, 10, 6, tzinfo=UTC)
TODAY, DAY, HOUR = date(2026, 3, 10), timedelta(days=1), timedelta(hours=1)
LETTER = newsletter(mornings=Mornings.READER)


def explained(database: Database, query: Select[tuple[object, ...]]) -> str:
    """The database's own account of how it answers a query."""
    asked = str(query.compile(database.engine, compile_kwargs={"literal_binds": True}))
    verb = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    with database.read() as connection:
        return "\n".join(str(tuple(row)) for row in connection.execute(text(f"{verb} {asked}")))


def fill(database: Database, moments: int) -> None:
    """So many moments of one newsletter, due one a minute."""
    Planning(database).own(LETTER, NOW)
    rows = [
        {
            "newsletter": 1,
            "zone": f"Area/Place{n // 96}",
            "at": n % 96 * 15,
            "days": "daily",
            "next_due": int(NOW.timestamp()) + 60 * n,
        }
        for n in range(moments)
    ]
    with database.write() as connection:
        connection.execute(insert(tables.moment), rows)


def test_a_tick_finds_who_is_due_by_the_index_of_due_times(database: Database) -> None:
    fill(database, 38_400)
    plan = explained(database, due_query(LETTER, NOW + timedelta(minutes=5)))
    assert "ix_moment_next_due" in plan
    assert "subscription" not in plan
    assert "subscriber" not in plan
    assert len(Planning(database).due(LETTER, NOW + timedelta(minutes=5))) == 6


def test_the_next_waves_are_told_with_zone_local_date_and_readers(database: Database) -> None:
    readers, planning = Readers(database, TOKENS), Planning(database)
    for n, zone in enumerate(("Asia/Tokyo", "Asia/Tokyo", "America/Lima")):
        subscribe(readers, f"reader{n}@example.com", LETTER, order(zone=zone), at=NOW)
    gone = subscribe(readers, "gone@example.com", LETTER, order(zone="Europe/Dublin"), at=NOW)
    readers.leave(gone.subscription.ref, NOW)
    told = [(wave.zone, wave.day, wave.readers) for wave in planning.waves(LETTER, NOW, 5)]
    assert told == [("America/Lima", date(2026, 3, 10), 1), ("Asia/Tokyo", date(2026, 3, 11), 2)]
    assert len(planning.waves(LETTER, NOW, 1)) == 1


def test_with_the_newsletters_own_morning_there_is_one_wave_for_all_who_read_that_day(
    database: Database,
) -> None:
    readers, planning, letter = Readers(database, TOKENS), Planning(database), newsletter()
    for n, days in enumerate(("daily", "weekdays", "sat")):
        subscribe(readers, f"reader{n}@example.com", letter, order(days=days, at=time(9)), at=NOW)
    [wave] = planning.waves(letter, NOW, 5)
    assert (wave.at, wave.readers) == (NOW + timedelta(hours=1), 2)
    on_holiday = newsletter(skip=(date(2026, 3, 10),))
    assert [one.day for one in planning.waves(on_holiday, NOW, 5)] == [date(2026, 3, 11)]


def test_moving_to_an_hour_just_past_sets_the_moment_back_but_not_for_who_has_todays_issue(
    database: Database,
) -> None:
    readers, planning = Readers(database, TOKENS), Planning(database)
    mover = subscribe(readers, "ada@example.com", LETTER, order(at=time(9)), at=NOW - DAY).subscription
    place = planning.own(LETTER, NOW + 2 * HOUR)
    assert place.next_due == NOW + HOUR + DAY
    readers.change(mover.ref, LETTER, order(), NOW + 2 * HOUR)
    due = planning.own(LETTER, NOW + 2 * HOUR)
    assert (due.next_due, due.moves) == (NOW + HOUR, 1)
    assert planning.advance({place: NOW + 9 * DAY}) == [], "somebody came since it was read"
    assert planning.plan([due], plan_of(database, frozen(database))) == 1
    assert planning.advance({due: NOW + HOUR + DAY})
    readers.change(mover.ref, LETTER, order(at=time(6, 45)), NOW + 2 * HOUR)
    assert {one.at: one.next_due for one in planning.moments(LETTER)}[time(6, 45)] > NOW + 2 * HOUR


def frozen(database: Database, wave: str = "") -> int:
    """An edition of today with the one story that is stored."""
    stories, editions = Stories(database), Editions(database)
    stories.save("wire", [found("harbour", published=NOW)], NOW)
    drafted = compose(LETTER, TODAY, stories.published_since(NOW - DAY), NOW)
    rendering = Rendering("@@m@@", b"", "=_b", (Segment(b"", b"", story=1),))
    return editions.freeze(replace(drafted, wave=wave), [rendering], NOW).id


def plan_of(database: Database, edition: int, day: date = TODAY) -> Plan:
    rendering = next(iter(Renderings(database).of(edition).values()))
    return Plan(edition, rendering, day, NOW + HOUR, NOW + DAY)


def test_what_two_editions_share_and_who_had_which_before_is_found(database: Database) -> None:
    readers, planning, retold = Readers(database, TOKENS), Planning(database), Retold(database)
    reader = subscribe(readers, "ada@example.com", LETTER, order(), at=NOW - DAY).subscription
    first, second = (frozen(database, wave) for wave in ("a", "b"))
    place = [planning.own(LETTER, NOW)]
    plans = [plan_of(database, first, TODAY - DAY), plan_of(database, second)]
    assert [planning.plan(place, plan) for plan in plans] == [1, 1]
    [shared] = retold.shared(plans[1].rendering)
    assert (shared.edition, shared.date, shared.story, shared.there) == (first, TODAY, 1, shared.here)
    deliveries = Deliveries(database)
    letters = [letter for one in (first, second) if (letter := deliveries.letter(reader, one))]
    assert deliveries.earlier(letters, TODAY - DAY) == {letters[1].delivery: [first]}
    assert deliveries.earlier(letters, TODAY) == {}
    assert deliveries.editions_since(reader, TODAY - DAY) == [first, second]
    assert deliveries.edition_for(reader, TODAY) == second


def test_a_story_changed_since_it_was_sent_is_told_in_the_words_it_was_sent_in(database: Database) -> None:
    retold = Retold(database)
    frozen(database)
    assert retold.told(LETTER, NOW - DAY, NOW + DAY) == {}
    Stories(database).save("wire", [found("harbour", published=NOW, title="Corrected")], NOW + HOUR)
    [sent] = retold.told(LETTER, NOW - DAY, NOW + DAY).values()
    assert sent.title == "The harbour story"
    assert retold.told(LETTER, NOW + HOUR, NOW + DAY) == {}
