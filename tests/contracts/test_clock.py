"""What a tick reads: the small table of moments by their due time, and no subscriber."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, insert, text

from digest.model import Mornings
from digest.store import tables
from digest.store.database import Database
from digest.store.moments import due_query
from digest.store.planning import Planning
from digest.store.readers import Readers
from tests.builders import TOKENS, newsletter, order, subscribe

NOW = datetime(2026, 3, 10, 6, tzinfo=UTC)
LETTER = newsletter(mornings=Mornings.READER)


def explained(database: Database, query: Select[tuple[object, ...]]) -> str:
    """The database's own account of how it answers a query."""
    asked = str(query.compile(database.engine, compile_kwargs={"literal_binds": True}))
    verb = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    with database.read() as connection:
        return "\n".join(str(tuple(row)) for row in connection.execute(text(f"{verb} {asked}")))


def fill(database: Database, moments: int) -> None:
    """So many moments of one newsletter, due one a minute."""
    Planning(database).clock(LETTER, NOW)
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
        connection.execute(text("ANALYZE"))


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
