"""What the API keeps, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from digest.addresses import accept
from digest.errors import UsageError
from digest.model import DeliveryState, EditionState, Scope
from digest.store import tables
from digest.store.database import Database
from digest.store.idempotency import AT_WORK, KEPT, Answer, KeptAnswers
from digest.store.incidents import Incidents
from digest.store.keys import Keys
from digest.store.listing import LAST, Listing
from digest.store.planning import Planning
from digest.store.readers import Readers
from digest.store.retention import retention
from digest.store.stories import Stories
from digest.store.suppressions import Suppressions
from tests.builders import MORNING, NOON, TOKENS, found, subscribe
from tests.contracts.test_store import DAY, frozen, plan_of

HOUR = timedelta(hours=1)


def test_a_key_is_known_by_itself_alone_and_kept_as_a_hash(database: Database) -> None:
    keys = Keys(database)
    key = keys.add("cms", {Scope.STORIES, Scope.READ}, NOON)
    found = keys.find(key)
    assert found
    assert (found.name, found.scopes, found.created) == ("cms", frozenset({Scope.STORIES, Scope.READ}), NOON)
    handle = key.rpartition("_")[0]
    for wrong in ("", "dk_", key[:-1], key[:-1] + "g", f"{handle}_", key.upper(), key + " ", "dk_é_\ud800"):
        assert keys.find(wrong) is None
    with database.read() as connection:
        kept = connection.execute(select(tables.api_key)).one()
    assert key.rpartition("_")[2] not in repr(tuple(kept))


def test_a_name_has_one_key_and_a_removed_one_opens_nothing(database: Database) -> None:
    keys = Keys(database)
    key = keys.add("cms", [Scope.READ], NOON)
    with pytest.raises(UsageError, match="'cms' already"):
        keys.add("cms", [Scope.READ], NOON)
    assert [one.name for one in keys.every()] == ["cms"]
    assert keys.remove("cms")
    assert not keys.remove("cms")
    assert keys.find(key) is None


def test_a_named_request_is_done_once_and_its_answer_kept_for_a_day(database: Database) -> None:
    keys, answers = Keys(database), KeptAnswers(database)
    ours, theirs = (keys.find(keys.add(name, [Scope.READ], NOON)) for name in ("ours", "theirs"))
    assert ours
    assert theirs
    assert answers.begin(ours, "one", b"request", NOON) is None
    assert answers.begin(ours, "one", b"request", NOON) == Answer(same=True, status=0, body=b"")
    assert answers.begin(theirs, "one", b"request", NOON) is None
    answers.keep(ours, "one", 201, b"done")
    assert answers.begin(ours, "one", b"request", NOON + HOUR) == Answer(True, 201, b"done")
    assert answers.begin(ours, "one", b"another", NOON + HOUR) == Answer(False, 201, b"done")
    assert answers.begin(ours, "one", b"request", NOON + KEPT) is None
    answers.drop(ours, "one")
    assert answers.begin(ours, "one", b"another", NOON + KEPT) is None


def test_a_request_that_died_may_be_sent_again_and_a_removed_key_leaves_nothing(database: Database) -> None:
    keys, answers = Keys(database), KeptAnswers(database)
    key = keys.find(keys.add("cms", [Scope.READ], NOON))
    assert key
    answers.begin(key, "one", b"request", NOON)
    assert answers.begin(key, "one", b"request", NOON + AT_WORK) is None
    retention(database, NOON + 2 * KEPT)
    assert answers.begin(key, "one", b"another", NOON) is None
    keys.remove("cms")
    with database.read() as connection:
        assert connection.execute(select(tables.idempotency)).all() == []


def test_stories_are_listed_from_the_last_stored_on(database: Database) -> None:
    stories, listing = Stories(database), Listing(database)
    stories.save("wire", [found("one"), found("two")], NOON)
    stories.save("cms", [found("three")], NOON + HOUR)
    listed = listing.stories(LAST, 2)
    assert [one.title for one in listed] == ["The three story", "The two story"]
    assert [one.title for one in listing.stories(listed[-1].id, 2)] == ["The one story"]
    assert [one.source for one in listing.stories(LAST, 9, "cms")] == ["cms"]
    assert len(listing.stories(LAST, 9, since=NOON + HOUR)) == 1
    assert listing.story(listed[0].id) == listed[0]
    assert listing.story(LAST) is None


def test_editions_and_incidents_are_listed_from_the_newest_on(database: Database) -> None:
    listing, incidents = Listing(database), Incidents(database)
    first, second = (frozen(database, day=DAY + timedelta(days=n)) for n in (0, 1))
    assert [one.id for one in listing.editions(LAST, 9)] == [second.id, first.id]
    assert [one.date for one in listing.editions(second.id, 9, "morning")] == [DAY]
    assert listing.editions(LAST, 9, "evening") == []
    shown = listing.edition(first.id)
    assert shown
    assert (shown.newsletter, shown.state, shown.frozen_at) == ("morning", EditionState.FROZEN, NOON)
    for name in ("one", "two"):
        incidents.open(name, "empty", "", NOON)
    incidents.close("two", NOON + HOUR)
    assert [(one.incident.key, one.closed) for one in listing.incidents(LAST, 9)] == [
        ("two", NOON + HOUR),
        ("one", None),
    ]
    assert [one.incident.key for one in listing.incidents(LAST, 9, only_open=True)] == ["one"]


def test_deliveries_are_listed_in_order_across_batches(database: Database) -> None:
    readers, planning, listing = Readers(database, TOKENS), Planning(database), Listing(database)
    names = [f"reader{n}@example.com" for n in range(5)]
    for name in names:
        subscribe(readers, name)
    stored = frozen(database)
    planning.plan(planning.moments(MORNING), plan_of(database, stored))
    subscribe(readers, "late@example.com")
    planning.plan(planning.moments(MORNING), plan_of(database, stored))
    listed, after = [], 0
    while page := listing.deliveries(stored.id, after, 2):
        listed += page
        after = page[-1].id
    assert [one.line.address for one in listed] == [*names, "late@example.com"]
    assert listing.deliveries(stored.id, 0, 9, DeliveryState.ACCEPTED) == []
    assert listing.deliveries(stored.id + 1, 0, 9) == []
    assert listing.deliveries_of(listed[3].ref, 0, 9) == [listed[3]]
    assert listing.deliveries_of(listed[3].ref, listed[3].id, 9) == []


def test_subscribers_and_suppressions_are_listed(database: Database) -> None:
    readers, listing = Readers(database, TOKENS), Listing(database)
    suppressions = Suppressions(database, TOKENS)
    for name in ("ada", "bob", "cleo"):
        subscribe(readers, f"{name}@example.com", confirmed=name != "bob")
    suppressions.add(accept("ada@example.com"), "hard", "", NOON)
    suppressions.add(accept("eve@example.com"), "complaint", "", NOON)
    suppressions.erase(accept("cleo@example.com"), NOON)
    assert [one.address for one in listing.subscriptions(0, 9)] == ["ada@example.com", "bob@example.com"]
    assert [one.state for one in listing.subscriptions(0, 9, "morning", "pending")] == ["pending"]
    listed = suppressions.page("", 9)
    assert {(one.address, one.reason) for _, one in listed} == {
        ("ada@example.com", "hard"),
        (None, "complaint"),
    }
    assert suppressions.page(listed[0][0], 9) == listed[1:]
