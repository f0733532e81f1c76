"""Events for others' servers, on SQLite and on PostgreSQL: written with what they tell, or not at all."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from digest.addresses import accept
from digest.errors import StoreError
from digest.model import Consent, Effect, Event, Hook, Outcome, Verdict
from digest.store import tables
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.effects import Effects
from digest.store.hooks import CLAIM, Hooks, happened
from digest.store.incidents import Incidents
from digest.store.ledger import open_ledger
from digest.store.people import People
from digest.store.planning import Planning
from digest.store.readers import Readers
from digest.store.retention import retention
from digest.store.suppressions import Suppressions
from tests.builders import MORNING, NOON, TOKENS, order, subscribe
from tests.contracts.test_store import DAY, frozen, plan_of
from tests.contracts.waiting import until_one_waits

ALL = Hook("https://hooks.example.com/all", frozenset(Event))
LEAVING = Hook("https://hooks.example.com/left", frozenset({Event.SUBSCRIBER_LEFT}))
ADA = accept("ada@example.com")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hooked(database: Database) -> Database:
    """A database of whose events one server is told all."""
    database.hooks = (ALL,)
    return database


def told(database: Database) -> list[tuple[str, dict[str, Any]]]:
    """Every event that waits, oldest first."""
    query = select(tables.hook.c.event, tables.hook.c.data).order_by(tables.hook.c.id)
    with database.read() as connection:
        return [(row.event, json.loads(row.data)) for row in connection.execute(query)]


def test_a_reader_confirms_leaves_and_comes_back(hooked: Database) -> None:
    readers = Readers(hooked, TOKENS)
    reader = subscribe(readers, ADA.mailed, confirmed=False).subscription
    assert told(hooked) == []
    for _ in range(2):
        readers.confirm(reader.ref, NOON)
    for _ in range(2):
        readers.leave(reader.ref, NOON)
    People(hooked, TOKENS).come_back(reader.ref, NOON + MINUTE)
    facts = {"subscriber": reader.ref.hex(), "newsletter": "morning", "address": ADA.mailed}
    assert told(hooked) == [
        ("subscriber.confirmed", facts),
        ("subscriber.left", {**facts, "reason": "unsubscribed"}),
        ("subscriber.confirmed", facts),
    ]


def test_whoever_brings_proof_is_told_of_and_an_import_is_not(hooked: Database) -> None:
    readers = Readers(hooked, TOKENS)
    for _ in range(2):
        subscribe(readers, ADA.mailed)
    assert [event for event, _ in told(hooked)] == ["subscriber.confirmed"]
    readers.take_in([(accept("bob@example.com"), order())], MORNING, Consent(NOON, "import"), confirmed=True)
    assert len(told(hooked)) == 1


def test_who_is_suppressed_has_left_and_who_is_forgotten_is_not_named(hooked: Database) -> None:
    subscribe(Readers(hooked, TOKENS), ADA.mailed)
    subscribe(Readers(hooked, TOKENS), "bob@example.com")
    suppressions = Suppressions(hooked, TOKENS)
    suppressions.add(ADA, "complaint", "", NOON)
    suppressions.erase(accept("bob@example.com"), NOON)
    left = [data for event, data in told(hooked) if event == "subscriber.left"]
    assert [(one["reason"], one["address"]) for one in left] == [
        ("suppressed", ADA.mailed),
        ("erased", None),
    ]


def test_an_edition_is_issued_once_and_sent_when_nothing_is_left_to_try(hooked: Database) -> None:
    stored, editions = frozen(hooked), Editions(hooked)
    for _ in range(2):
        editions.issue(stored.id, NOON, again=True)
    Deliveries(hooked).finish(NOON + timedelta(hours=1))
    editions.issue(stored.id, NOON, again=True)  # a retry
    facts = {"id": stored.id, "newsletter": "morning", "date": str(DAY), "wave": ""}
    facts["subject"] = "The harbour story"
    assert told(hooked) == [("edition.issued", facts), ("edition.sent", facts)]


def test_of_two_that_close_an_edition_at_once_one_tells_it(hooked: Database) -> None:
    stored = frozen(hooked)
    Editions(hooked).issue(stored.id, NOON, again=False)
    with ThreadPoolExecutor(1) as other:
        with hooked.write() as connection:
            connection.execute(update(tables.edition).values(state="done"))
            second = other.submit(Deliveries(hooked).finish, NOON + timedelta(hours=1))
            until_one_waits(hooked)
        assert second.result() == []
    assert [event for event, _ in told(hooked)] == ["edition.issued"]


async def test_a_refusal_is_told_with_its_reply_and_a_dead_address_has_left(hooked: Database) -> None:
    reader = subscribe(Readers(hooked, TOKENS), ADA.mailed).subscription
    stored, planning = frozen(hooked), Planning(hooked)
    planning.plan(planning.moments(MORNING), plan_of(hooked, stored))
    Editions(hooked).issue(stored.id, NOON, again=False)
    now = int(NOON.timestamp())
    effects = Effects(TOKENS, hooked.journal, hooked.hooks)
    ledger = await open_ledger(hooked.driver_url, now, on_outcome=effects)
    [letter] = await ledger.claim(now)
    await ledger.settle(now, [], [letter.delivery])
    refused = Outcome(letter.delivery, Verdict.REFUSED, 550, "5.1.1", "no such user", Effect.SUPPRESS)
    await ledger.settle(now, [refused], [])
    await ledger.close(now)
    facts = {"subscriber": reader.ref.hex(), "newsletter": "morning", "address": ADA.mailed}
    reply = {"code": 550, "status": "5.1.1", "reply": "no such user"}
    assert told(hooked)[-2:] == [
        ("delivery.refused", {"delivery": letter.delivery, "edition": stored.id, **facts, **reply}),
        ("subscriber.left", {**facts, "reason": "suppressed"}),
    ]


def test_an_incident_is_told_when_it_begins_and_when_it_is_over(hooked: Database) -> None:
    incidents = Incidents(hooked)
    for _ in range(2):
        incidents.open("empty:morning:2026-03-09", "empty", "It was empty", NOON)
    incidents.settle("morning", DAY, NOON)
    incidents.close("empty:morning:2026-03-09", NOON)
    facts = {"key": "empty:morning:2026-03-09", "kind": "empty", "text": "It was empty"}
    assert told(hooked) == [("incident", {**facts, "open": True}), ("incident", {**facts, "open": False})]


def test_each_server_is_told_of_what_it_asked_for_and_without_one_nothing_is_written(
    database: Database,
) -> None:
    incidents = Incidents(database)
    incidents.open("one", "empty", "", NOON)
    assert told(database) == []
    database.hooks = (LEAVING, ALL)
    incidents.open("two", "empty", "", NOON)
    ref = subscribe(Readers(database, TOKENS), ADA.mailed).subscription.ref
    Readers(database, TOKENS).leave(ref, NOON)
    calls = Hooks(database).claim(NOON)
    assert [(call.url, call.event) for call in calls if call.event is not Event.SUBSCRIBER_CONFIRMED] == [
        (ALL.url, Event.INCIDENT),
        (LEAVING.url, Event.SUBSCRIBER_LEFT),
        (ALL.url, Event.SUBSCRIBER_LEFT),
    ]
    assert len({call.ref for call in calls}) == len(calls)


def test_an_event_is_gone_with_the_transaction_it_belongs_to(hooked: Database) -> None:
    def half() -> None:
        with hooked.write() as connection:
            happened(connection, hooked.hooks, Event.INCIDENT, NOON)
            connection.exec_driver_sql("SELECT * FROM missing")

    with pytest.raises(StoreError, match="missing"):
        half()
    assert told(hooked) == []


def test_an_event_waits_until_it_was_taken_whoever_dies_meanwhile(hooked: Database) -> None:
    Incidents(hooked).open("one", "empty", "", NOON)
    hooks = Hooks(hooked)
    assert hooks.is_due(NOON)
    [call] = hooks.claim(NOON)
    assert hooks.claim(NOON + CLAIM - MINUTE) == []
    [again] = hooks.claim(NOON + CLAIM)
    assert again.ref == call.ref
    hooks.failed(again, "answered 503", NOON + CLAIM + MINUTE)
    [third] = hooks.claim(NOON + CLAIM + MINUTE)
    assert third.attempts == 1
    hooks.taken(third)
    assert told(hooked) == []


def test_what_no_server_took_is_forgotten_after_a_week(hooked: Database) -> None:
    Incidents(hooked).open("one", "empty", "", NOON)
    retention(hooked, NOON + timedelta(days=6))
    assert len(told(hooked)) == 1
    retention(hooked, NOON + timedelta(days=7))
    assert told(hooked) == []
