"""What every store promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import time
from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import inspect, select

from digest.addresses import accept
from digest.compose import compose
from digest.errors import StoreError
from digest.model import (
    DeliveryState,
    EditionState,
    Order,
    Outcome,
    Picture,
    Plan,
    Rendering,
    Segment,
    SourceState,
    StoredEdition,
    Verdict,
)
from digest.store import tables
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.incidents import Incidents
from digest.store.migrate import HEAD, current, upgrade
from digest.store.outbox import Outbox
from digest.store.planning import Planning
from digest.store.readers import Readers
from digest.store.stories import Stories
from digest.store.suppressions import Suppressions
from digest.store.visits import Visits
from tests.builders import MORNING, NOON, TOKENS, found, order, subscribe

DAY = date(2026, 3, 10)
HOUR = timedelta(hours=1)
RENDERING = Rendering("@@m@@", b"Subject: x\r\n", "=_b", (Segment(b"<p>a</p>\r\n", b"a\r\n", story=1),))


def edition(stories: Stories, *names: str, day: date = DAY) -> object:
    stories.save("wire", [found(name) for name in names], NOON - HOUR)
    return compose(MORNING, day, stories.published_since(NOON - 36 * HOUR), NOON)


def frozen(database: Database, *names: str, day: date = DAY) -> StoredEdition:
    drafted = edition(Stories(database), *names or ("harbour",), day=day)
    return Editions(database).freeze(drafted, [RENDERING], NOON)  # type: ignore[arg-type]  # made just above


def plan_of(database: Database, stored: StoredEdition, day: date = DAY) -> Plan:
    rendering = next(iter(Editions(database).renderings(stored.id).values()))
    return Plan(stored.id, rendering, day, NOON, NOON + 12 * HOUR)


# ---------------------------------------------------------------- tables


def test_migrations_make_exactly_the_tables_of_this_version(database: Database) -> None:
    assert current(database) == HEAD
    made = set(inspect(database.engine).get_table_names())
    queue = {name for name in made if name.startswith("procrastinate_")}
    assert bool(queue) is not database.is_sqlite
    assert made - queue == set(tables.metadata.tables) | {"alembic_version"}
    for table in tables.metadata.tables.values():
        columns = {column["name"] for column in inspect(database.engine).get_columns(table.name)}
        assert columns == set(table.columns.keys()), table.name
        indexes = {index["name"] for index in inspect(database.engine).get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexes, table.name


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database)
    assert current(database) == HEAD


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    slugs = ["half", "half"]  # the second breaks the unique key
    with pytest.raises(StoreError), database.write() as connection:
        connection.execute(tables.newsletter.insert(), [{"slug": slug} for slug in slugs])
    with database.read() as connection:
        assert connection.execute(select(tables.newsletter)).all() == []


def test_a_database_error_says_what_and_where(database: Database) -> None:
    with pytest.raises(StoreError, match=r"database .*missing"), database.write() as connection:
        connection.exec_driver_sql("SELECT * FROM missing")


# ---------------------------------------------------------------- stories


def test_a_story_is_stored_once_and_read_back_whole(database: Database) -> None:
    stories = Stories(database)
    told = found(
        "harbour", picture=Picture("https://news.example.com/a.jpg", "Boats"), byline="Ida Moss", pick=True
    )
    assert stories.save("wire", [told], NOON) == (1, 0, 0)
    assert stories.save("wire", [told], NOON + HOUR) == (0, 0, 1)
    [story] = stories.published_since(NOON - 2 * HOUR)
    assert (story.title, story.byline, story.pick, story.first_seen) == (told.title, "Ida Moss", True, NOON)
    assert story.picture == told.picture


def test_a_correction_is_a_new_version_and_keeps_the_old_text(database: Database) -> None:
    stories = Stories(database)
    stories.save("wire", [found("harbour")], NOON)
    assert stories.save("wire", [found("harbour", title="Corrected")], NOON + HOUR) == (0, 1, 0)
    [story] = stories.published_since(NOON - 2 * HOUR)
    assert (story.title, story.version, story.updated, story.first_seen) == ("Corrected", 2, True, NOON)
    with database.read() as connection:
        titles = connection.scalars(
            select(tables.story_version.c.title).order_by(tables.story_version.c.n)
        ).all()
    assert titles == ["The harbour story", "Corrected"]


def test_a_first_run_keeps_only_its_newest_stories_for_the_next_edition(database: Database) -> None:
    stories = Stories(database)
    many = [found(f"s{n}", published=NOON - n * HOUR) for n in range(30)]
    stories.save("wire", many, NOON, keep_first=5)
    assert [story.title for story in stories.published_since(NOON - 48 * HOUR)] == [
        f"The s{n} story" for n in range(5)
    ]
    stories.save("wire", [found("later")], NOON + HOUR, keep_first=5)
    assert "The later story" in [story.title for story in stories.published_since(NOON - 48 * HOUR)]


def test_the_same_address_from_another_source_is_one_story_with_both_named(database: Database) -> None:
    stories = Stories(database)
    stories.save("wire", [found("harbour")], NOON)
    stories.save("coast", [found("other-guid", url="https://news.example.com/harbour")], NOON)
    [story] = stories.published_since(NOON - 2 * HOUR)
    assert (story.source, story.also_by) == ("wire", ("coast",))


def test_a_story_that_comes_back_under_another_guid_is_the_same(database: Database) -> None:
    stories, address = Stories(database), "https://news.example.com/harbour"
    stories.save("wire", [found("guid-1", canonical=address)], NOON)
    assert stories.save("wire", [found("guid-2", title="The guid-1 story", canonical=address)], NOON) == (
        0,
        1,
        0,
    )
    assert stories.count() == 1


def test_entries_that_all_lead_to_one_page_stay_apart(database: Database) -> None:
    stories, address = Stories(database), "https://news.example.com/live"
    stories.save("wire", [found("guid-1", canonical=address), found("guid-2", canonical=address)], NOON)
    assert stories.save("wire", [found(f"guid-{n}", canonical=address) for n in (2, 3)], NOON).new == 1


def test_stories_without_an_address_are_not_taken_for_each_other(database: Database) -> None:
    stories = Stories(database)
    stories.save("wire", [found("a", url="")], NOON)
    stories.save("coast", [found("b", url="")], NOON)
    assert len(stories.published_since(NOON - 2 * HOUR)) == 2


def test_an_undated_story_counts_from_when_it_was_seen_and_a_far_date_is_not_believed(
    database: Database,
) -> None:
    stories = Stories(database)
    far, near = NOON + timedelta(days=3), NOON + 5 * HOUR
    stories.save(
        "wire", [found("a", published=None), found("b", published=far), found("c", published=near)], NOON
    )
    dates = {story.title: story.published for story in stories.published_since(NOON - HOUR)}
    assert dates == {"The a story": NOON, "The b story": NOON, "The c story": near}


# ---------------------------------------------------------------- editions


def test_an_edition_is_frozen_once_and_everyone_gets_what_was_frozen_first(database: Database) -> None:
    editions, first = Editions(database), frozen(database, "harbour")
    again = editions.freeze(edition(Stories(database), "other"), [RENDERING], NOON + HOUR)  # type: ignore[arg-type]  # an Edition
    assert again == first
    loaded = editions.load(MORNING, first.id)
    assert [item.story.title for item in loaded.items] == ["The harbour story"]
    assert list(editions.renderings(first.id)) == ["en"]


def test_a_frozen_edition_keeps_the_version_it_was_frozen_with(database: Database) -> None:
    stored = frozen(database, "harbour")
    Stories(database).save("wire", [found("harbour", title="Corrected")], NOON + HOUR)
    [item] = Editions(database).load(MORNING, stored.id).items
    assert (item.story.title, item.story.version) == ("The harbour story", 1)


def test_a_rendering_comes_back_byte_for_byte(database: Database) -> None:
    stored = frozen(database)
    rendering = plan_of(database, stored).rendering
    assert Editions(database).for_sending(rendering) == (RENDERING, "morning")
    with pytest.raises(LookupError):
        Editions(database).rendering(999)


def test_a_draft_is_replaced_until_it_is_frozen(database: Database) -> None:
    editions, stories = Editions(database), Stories(database)
    first = editions.draft(edition(stories, "harbour"))  # type: ignore[arg-type]  # an Edition
    second = editions.draft(edition(stories, "bridge"))  # type: ignore[arg-type]  # an Edition
    assert first == second
    assert len(editions.load(MORNING, first).items) == 2


def test_an_empty_date_is_recorded_and_can_be_filled_by_hand_later(database: Database) -> None:
    editions = Editions(database)
    assert editions.close(MORNING, DAY, NOON, EditionState.EMPTY, "no story is stored")
    found_ = editions.find(MORNING, DAY)
    assert found_ is not None
    assert (found_.state, found_.reason) == (EditionState.EMPTY, "no story is stored")
    assert frozen(database).state is EditionState.FROZEN
    assert not editions.close(MORNING, DAY, NOON, EditionState.MISSED, "too late")


def test_stories_of_earlier_editions_are_known(database: Database) -> None:
    stored = frozen(database, "harbour")
    last, had = Editions(database).before(MORNING, NOON + 24 * HOUR)
    assert last == NOON
    assert had == {item.story.id for item in Editions(database).load(MORNING, stored.id).items}


# ---------------------------------------------------------------- readers


def test_a_second_subscription_of_the_same_address_changes_nothing(database: Database) -> None:
    readers = Readers(database, TOKENS)
    first = subscribe(readers, "ada@example.com")
    again = subscribe(readers, "ADA@example.com", wish=order(zone="Asia/Tokyo"))
    assert (first.created, again.created) == (True, False)
    assert again.subscription.ref == first.subscription.ref
    assert again.subscription.zone == "UTC"


def test_a_pending_reader_becomes_active_by_confirming_once(database: Database) -> None:
    readers = Readers(database, TOKENS)
    done = subscribe(readers, "ada@example.com", confirmed=False)
    assert readers.status(accept("ada@example.com")) == "pending"
    confirmed = readers.confirm(done.subscription.ref, NOON)
    assert confirmed is not None
    assert (confirmed.state, confirmed.confirmed_at) == ("active", NOON)
    assert readers.confirm(b"x" * 16, NOON) is None


def test_an_old_confirmation_does_not_bring_back_who_left(database: Database) -> None:
    readers = Readers(database, TOKENS)
    ref = subscribe(readers, "ada@example.com").subscription.ref
    readers.leave(ref, NOON)
    readers.confirm(ref, NOON + HOUR)
    assert readers.status(accept("ada@example.com")) == "unsubscribed"


def test_who_left_comes_back_by_asking_again_but_not_by_an_import(database: Database) -> None:
    readers, address = Readers(database, TOKENS), accept("ada@example.com")
    ref = subscribe(readers, "ada@example.com").subscription.ref
    readers.leave(ref, NOON)
    from digest.model import Consent

    imported = readers.take_in([(address, order())], MORNING, Consent(NOON, "import"), confirmed=True)
    assert [one.created for one in imported] == [False]
    assert readers.status(address) == "unsubscribed"
    again = subscribe(readers, "ada@example.com", confirmed=False)
    assert (again.created, again.subscription.state) == (True, "pending")


def test_a_suppressed_address_gets_no_subscription_and_comes_back_when_lifted(database: Database) -> None:
    readers, suppressions = Readers(database, TOKENS), Suppressions(database, TOKENS)
    address = accept("ada@example.com")
    subscribe(readers, "ada@example.com")
    assert suppressions.add(address, "hard", "550 5.1.1 no such user", NOON)
    assert not suppressions.add(address, "hard", "again", NOON)
    assert readers.status(address) == "suppressed"
    assert subscribe(readers, "ada@example.com").suppressed
    [off] = suppressions.every()
    assert (off.address, off.reason, off.at) == ("ada@example.com", "hard", NOON)
    assert suppressions.lift(address, NOON)
    assert readers.status(address) == "active"


def test_a_suppression_outlives_the_erasure_of_its_address(database: Database) -> None:
    readers, suppressions = Readers(database, TOKENS), Suppressions(database, TOKENS)
    address = accept("ada@example.com")
    subscribe(readers, "ada@example.com")
    suppressions.add(address, "complaint", "", NOON)
    assert suppressions.erase(address, NOON)
    assert not suppressions.erase(address, NOON)
    assert subscribe(readers, "ada@example.com").suppressed
    assert [off.address for off in suppressions.every()] == [None]
    with database.read() as connection:
        assert connection.scalars(select(tables.subscriber.c.address)).all() == [None]


def test_a_reader_may_change_hour_zone_days_and_sections(database: Database) -> None:
    readers = Readers(database, TOKENS)
    ref = subscribe(readers, "ada@example.com").subscription.ref
    wish = Order("Asia/Tokyo", order().at, "sat,sun", ("World", "Sport"))
    changed = readers.change(ref, MORNING, wish, NOON)
    assert changed is not None
    assert (changed.zone, changed.days, changed.sections) == ("Asia/Tokyo", "sat,sun", ("Sport", "World"))


def test_every_subscription_is_listed_and_counted(database: Database) -> None:
    readers = Readers(database, TOKENS)
    for n in range(5):
        subscribe(readers, f"reader{n}@example.com", confirmed=n > 0)
    assert [one.address for one in readers.every("morning")] == [f"reader{n}@example.com" for n in range(5)]
    assert readers.counts("morning") == {"active": 4, "pending": 1}


# ---------------------------------------------------------------- planning and deliveries


def test_one_delivery_is_planned_for_each_active_reader_and_never_twice(database: Database) -> None:
    readers, planning = Readers(database, TOKENS), Planning(database)
    for name in ("ada", "bob", "cleo"):
        subscribe(readers, f"{name}@example.com")
    subscribe(readers, "pending@example.com", confirmed=False)
    subscribe(readers, "later@example.com", at=NOON + HOUR)
    stored = frozen(database)
    plan, places = plan_of(database, stored), planning.moments(MORNING)
    assert planning.plan(places, plan) == 3
    assert planning.plan(places, plan) == 0
    assert Deliveries(database).counts(stored.id).planned == 3


def test_the_same_edition_is_not_planned_again_under_another_date(database: Database) -> None:
    subscribe(Readers(database, TOKENS), "ada@example.com")
    stored, planning = frozen(database), Planning(database)
    places = planning.moments(MORNING)
    assert planning.plan(places, plan_of(database, stored)) == 1
    assert planning.plan(places, plan_of(database, stored, DAY + timedelta(days=1))) == 0


def test_another_edition_is_not_planned_under_a_date_that_has_its_issue(database: Database) -> None:
    subscribe(Readers(database, TOKENS), "ada@example.com")
    first, planning = frozen(database, "harbour"), Planning(database)
    places = planning.moments(MORNING)
    planning.plan(places, plan_of(database, first))
    second = frozen(database, "bridge", day=DAY + timedelta(days=1))
    assert planning.plan(places, plan_of(database, second, DAY)) == 0


def test_leaving_and_suppression_withdraw_what_has_not_left(database: Database) -> None:
    readers, planning = Readers(database, TOKENS), Planning(database)
    ref = subscribe(readers, "ada@example.com").subscription.ref
    subscribe(readers, "bob@example.com")
    stored = frozen(database)
    planning.plan(planning.moments(MORNING), plan_of(database, stored))
    readers.leave(ref, NOON)
    Suppressions(database, TOKENS).add(accept("bob@example.com"), "hard", "", NOON)
    counts = Deliveries(database).counts(stored.id)
    assert (counts.withdrawn, counts.planned, counts.all) == (2, 0, 2)


def test_planning_in_chunks_leaves_nobody_out(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.store.planning.CHUNK", 7)
    monkeypatch.setattr("digest.store.planning.BATCH", 3)
    readers, planning = Readers(database, TOKENS), Planning(database)
    for n in range(23):
        subscribe(readers, f"reader{n}@example.com")
    stored = frozen(database)
    assert planning.plan(planning.moments(MORNING), plan_of(database, stored)) == 23
    with database.read() as connection:
        batches = connection.execute(select(tables.batch.c.lo, tables.batch.c.hi)).all()
        ids = connection.scalars(select(tables.delivery.c.id)).all()
    covered = [n for lo, hi in batches for n in range(lo, hi + 1)]
    assert sorted(ids) == [n for n in sorted(covered) if n in set(ids)]
    assert len(covered) == len(set(covered))


def test_a_moment_is_advanced_by_one_scheduler_only(database: Database) -> None:
    planning = Planning(database)
    place = planning.clock(MORNING, NOON)
    assert place == planning.clock(MORNING, NOON)
    assert planning.due(MORNING, NOON) == []
    assert planning.due(MORNING, place.next_due) == [place]
    tomorrow = {place: place.next_due + 24 * HOUR}
    assert [moved.next_due for moved in planning.advance(tomorrow)] == [*tomorrow.values()]
    assert planning.advance(tomorrow) == []


def test_an_edition_whose_planning_has_just_begun_is_not_done(database: Database) -> None:
    stored, deliveries = frozen(database), Deliveries(database)
    Editions(database).issue(stored.id, NOON, again=False)
    assert deliveries.finish(NOON) == []
    assert deliveries.finish(NOON + HOUR) == [stored.id]  # nobody reads it


def test_an_edition_is_done_when_nothing_is_left_to_try(database: Database) -> None:
    subscribe(Readers(database, TOKENS), "ada@example.com")
    stored, planning, deliveries = frozen(database), Planning(database), Deliveries(database)
    planning.plan(planning.moments(MORNING), plan_of(database, stored))
    Editions(database).set_state(stored.id, EditionState.ISSUED, was=[EditionState.FROZEN])
    assert deliveries.finish(NOON) == []
    assert deliveries.next_due() == NOON
    with database.write() as connection:
        connection.execute(tables.batch.update().values(next_at=None))
    assert deliveries.finish(NOON) == [stored.id]
    assert deliveries.finish(NOON) == []


def test_who_did_not_get_it_and_why_is_told_by_name(database: Database) -> None:
    subscribe(Readers(database, TOKENS), "ada@example.com")
    stored, planning, deliveries = frozen(database), Planning(database), Deliveries(database)
    planning.plan(planning.moments(MORNING), plan_of(database, stored))
    with database.write() as connection:
        connection.execute(
            tables.delivery.update().values(
                state=DeliveryState.REFUSED,
                code=550,
                status="5.7.1",
                reply="policy",
                attempts=1,
                next_at=None,
            )
        )
    [line] = deliveries.lines(stored.id, DeliveryState.REFUSED)
    assert (line.address, line.state, line.code, line.reply) == ("ada@example.com", "refused", 550, "policy")
    assert deliveries.retry(stored.id, NOON) == 1
    assert deliveries.counts(stored.id).deferred == 1


def test_what_a_worker_has_marked_counts_as_sending(database: Database) -> None:
    subscribe(Readers(database, TOKENS), "ada@example.com")
    stored, planning, deliveries = frozen(database), Planning(database), Deliveries(database)
    planning.plan(planning.moments(MORNING), plan_of(database, stored))
    with database.write() as connection:
        delivery = connection.scalar(select(tables.delivery.c.id))
        connection.execute(
            tables.worker.insert().values(name="w", started=0, seen=0, inflight=f"[{delivery}]")
        )
    counts = deliveries.counts(stored.id)
    assert (counts.sending, counts.planned, counts.all) == (1, 0, 1)


# ---------------------------------------------------------------- the rest


def test_a_single_mail_goes_in_once_and_is_claimed_until_its_outcome(database: Database) -> None:
    outbox = Outbox(database)
    assert outbox.put("confirm:1", "confirm", "ada@example.com", b"mail", NOON)
    assert not outbox.put("confirm:1", "confirm", "ada@example.com", b"mail", NOON)
    [mail] = outbox.claim(NOON)
    assert (mail.address, mail.mail) == ("ada@example.com", b"mail")
    assert outbox.claim(NOON) == []
    later = int((NOON + HOUR).timestamp())
    outbox.record(Outcome(mail.id, Verdict.DEFERRED, 451, next_at=later), NOON)
    assert outbox.next_at() == NOON + HOUR
    [again] = outbox.claim(NOON + HOUR)
    assert again.attempts == 1
    outbox.record(Outcome(mail.id, Verdict.ACCEPTED, 250), NOON + HOUR)
    assert (outbox.waiting(), outbox.next_at()) == (0, None)


def test_a_single_mail_that_cannot_leave_for_a_day_is_given_up(database: Database) -> None:
    outbox = Outbox(database)
    outbox.put("confirm:1", "confirm", "ada@example.com", b"mail", NOON)
    [mail] = outbox.claim(NOON)
    outbox.record(Outcome(mail.id, Verdict.DEFERRED, 451, next_at=0), NOON + 25 * HOUR)
    assert outbox.waiting() == 0


def test_an_incident_is_opened_once_and_again_after_it_was_over(database: Database) -> None:
    incidents = Incidents(database)
    assert incidents.open("source:wire", "dead source", "Source wire is dead", NOON)
    assert not incidents.open("source:wire", "dead source", "Source wire is dead", NOON + HOUR)
    assert [incident.opened for incident in incidents.current()] == [NOON]
    assert incidents.close("source:wire", NOON)
    assert not incidents.close("source:wire", NOON)
    assert incidents.open("source:wire", "dead source", "Source wire is dead", NOON + HOUR)


def test_a_visit_remembers_what_the_next_one_needs(database: Database) -> None:
    visits = Visits(database)
    assert visits.state("wire") == SourceState()
    state = SourceState(etag='"v1"', failures=2, failing_since=NOON, reason="timeout")
    visits.record("wire", state, NOON + HOUR)
    assert visits.state("wire") == state
    assert visits.every() == {"wire": (state, NOON + HOUR)}
    assert visits.told() == {}


def test_what_the_last_visit_came_to_is_kept_until_the_next(database: Database) -> None:
    visits = Visits(database)
    visits.record("wire", SourceState(), NOON, {"status": "ok", "new": 3})
    visits.record("wire", SourceState(), NOON + HOUR)  # not due: nothing was asked
    assert visits.told() == {"wire": {"status": "ok", "new": 3}}


def test_what_another_process_freezes_while_we_look_stays_frozen(database: Database) -> None:
    drafted = edition(Stories(database), "harbour")
    editions = Editions(database)
    editions.draft(drafted)  # type: ignore[arg-type]  # made just above
    late = Thread(target=editions.freeze, args=(drafted, [RENDERING], NOON))
    with database.write() as connection:
        connection.execute(tables.edition.update().values(state="frozen", subject="Theirs"))
        body = {"edition": 1, "revision": 0, "locale": RENDERING.locale, "body": b"{}"}
        connection.execute(tables.rendering.insert(), body)
        late.start()
        time.sleep(0.3)  # it has read the draft by now, and waits for us
    late.join()
    stored = editions.find(MORNING, DAY)
    assert stored is not None
    assert stored.state is EditionState.FROZEN
    with database.read() as connection:
        assert connection.scalar(select(tables.edition.c.subject)) == "Theirs"
