"""What the pages ask of a store, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from digest.addresses import accept
from digest.compose.edition import compose
from digest.store.archive import Archive
from digest.store.asked import Asked, AskedStore
from digest.store.attempts import Attempts, Rule
from digest.store.clicks import Click, Clicks
from digest.store.database import Database
from digest.store.editions import Editions
from digest.store.people import Moved, People
from digest.store.readers import Readers
from digest.store.retention import Forgotten, retention
from digest.store.stories import Stories
from tests.builders import MORNING, NOON, TOKENS, found, subscribe

ADA = accept("ada@example.com")
MINUTE = timedelta(minutes=1)


def test_a_limit_counts_in_a_window_that_slides(database: Database) -> None:
    attempts, rule = Attempts(database), Rule("ip:192.0.2.1", 2, 60)
    assert [attempts.take([rule], NOON) for _ in range(3)] == [None, None, rule]
    assert attempts.take([rule], NOON + timedelta(seconds=59)) == rule
    assert attempts.take([rule], NOON + MINUTE) is None


def test_what_one_rule_forbids_counts_under_none(database: Database) -> None:
    attempts = Attempts(database)
    ip, form = Rule("ip:192.0.2.1", 5, 60), Rule("form:once", 1, 60)
    assert attempts.take([ip, form], NOON) is None
    assert [attempts.take([ip, form], NOON) for _ in range(9)] == [form] * 9
    assert [attempts.take([ip], NOON) for _ in range(5)] == [None] * 4 + [ip]


def test_of_many_at_once_one_uses_a_form(database: Database) -> None:
    store = AskedStore(database)
    asked = Asked("subscribe", ADA, "morning", "form", NOON)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: store.put(asked, [Rule("form:once", 1, 60)]), range(16)))
    assert answers.count(None) == 1
    assert len(store.claim(NOON)) == 1


def test_what_was_asked_for_is_looked_at_by_one_and_again_if_that_one_dies(database: Database) -> None:
    store = AskedStore(database)
    store.put(Asked("move", ADA, "morning", "form", NOON, b"r" * 16), [])
    (mine,) = store.claim(NOON)
    assert mine[:6] == ("move", ADA, "morning", "form", NOON, b"r" * 16)
    assert store.claim(NOON + MINUTE) == []
    (again,) = store.claim(NOON + 3 * MINUTE)
    store.done(again)
    assert store.claim(NOON + 60 * MINUTE) == []


def test_a_person_moves_pauses_and_is_told_all(database: Database) -> None:
    people = People(database, TOKENS)
    reader = subscribe(Readers(database, TOKENS), ADA.mailed).subscription
    people.settle(reader.ref, "de", date(2026, 4, 1))
    move = people.move(reader.ref, accept("ada@example.org"), NOON)
    assert people.wants_to_move(move)
    assert people.confirm_move(move) is Moved.DONE
    assert people.confirm_move(move) is Moved.GONE
    known = people.known(reader.ref)
    assert (known["address"], known["language"]) == ("ada@example.org", "de")
    assert known["subscriptions"][0]["paused_until"] == date(2026, 4, 1)
    assert people.refs(reader.ref) == [reader.ref]


@pytest.mark.parametrize(("hours", "back"), [(23, True), (25, False)])
def test_leaving_is_undone_within_a_day(database: Database, hours: int, back: bool) -> None:
    readers, people = Readers(database, TOKENS), People(database, TOKENS)
    reader = subscribe(readers, ADA.mailed).subscription
    readers.leave(reader.ref, NOON)
    assert people.come_back(reader.ref, NOON + timedelta(hours=hours)) is back


def test_of_many_who_leave_at_once_all_have_left(database: Database) -> None:
    readers = Readers(database, TOKENS)
    refs = [subscribe(readers, f"reader{n}@example.com").subscription.ref for n in range(12)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda ref: readers.leave(ref, NOON), [*refs, *refs, b"unknown"]))
    assert [one and (one.ref, one.state) for one in answers] == [
        *((ref, "unsubscribed") for ref in refs * 2),
        None,
    ]
    assert {entry.key for entry in database.journal} == {ref.hex() for ref in refs}


def test_forgetting_runs_and_runs_again(database: Database) -> None:
    readers = Readers(database, TOKENS)
    subscribe(readers, ADA.mailed, confirmed=False, at=NOON)
    left = subscribe(readers, "grace@example.com", at=NOON).subscription
    readers.leave(left.ref, NOON)
    assert retention(database, NOON + timedelta(days=8)) == Forgotten(unconfirmed=1, left=0)
    assert retention(database, NOON + timedelta(days=731)) == Forgotten(unconfirmed=0, left=1)
    assert retention(database, NOON + timedelta(days=731)) == Forgotten(0, 0)


def test_counts_of_links_add_up(database: Database) -> None:
    stories, editions, clicks = Stories(database), Editions(database), Clicks(database)
    stories.save("wire", [found("harbour"), found("glacier")], NOON)
    harbour, glacier = sorted(stories.published_since(NOON - timedelta(days=1)), key=lambda one: one.id)
    number = editions.draft(compose(MORNING, NOON.date(), [harbour, glacier], NOON))
    for counted in ({harbour: 1, glacier: 2}, {glacier: 5}):
        clicks.add({Click(number, story.id, NOON.date()): count for story, count in counted.items()})
    clicks.add({Click(number, glacier.id, NOON.date() + timedelta(days=1)): 1})
    assert clicks.of(number) == [(glacier.id, 8), (harbour.id, 1)]
    assert clicks.of(number + 1) == []


def test_an_archive_without_editions_is_empty(database: Database) -> None:
    archive = Archive(database)
    assert archive.newest(MORNING, 10, before=date(2026, 1, 1)) == []
    assert archive.find(MORNING, date(2026, 1, 1)) is None
