"""The desk's stores, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from digest.compose.edition import compose
from digest.errors import Stale, StoreError
from digest.model import DeliveryState, Duty, Edit, Edition, Item, Picture, Role, Single, Verb
from digest.store import tables
from digest.store.accounts import Accounts
from digest.store.archive import Archive
from digest.store.audit import Audit
from digest.store.corrections import Corrections
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.edits import Edits
from digest.store.listing import Listing
from digest.store.outbox import Outbox
from digest.store.planning import Planning
from digest.store.promotions import Promotions
from digest.store.readers import Readers
from digest.store.stories import Stories
from digest.store.tellings import Tellings
from tests.builders import MORNING, NOON, TOKENS, found, subscribe
from tests.contracts.test_store import DAY, HOUR, RENDERING, frozen, plan_of

ADA = "ada@example.com"


def edition_of(database: Database) -> Edition:
    """An edition of one story, as composing gives it."""
    stories = Stories(database)
    stories.save("wire", [found("pier")], NOON - HOUR)
    return compose(MORNING, DAY, stories.published_since(NOON - 36 * HOUR), NOON)


def edit(n: int, verb: Verb = Verb.SKIP) -> Edit:
    return Edit(n, verb, 7, {"text": "x"}, ADA, NOON)


def test_accounts_and_their_browsers(database: Database) -> None:
    accounts = Accounts(database)
    assert accounts.add(ADA, "hash", Duty.EDITOR, NOON)
    assert not accounts.add(ADA, "other", Duty.VIEWER, NOON)
    accounts.sign_in(ADA, "token", NOON)
    known = accounts.signed_in("token", NOON + HOUR)
    assert known
    assert (known.address, known.duty) == (ADA, Duty.EDITOR)
    assert accounts.signed_in("another", NOON) is None
    assert accounts.set_password(ADA, "new")
    assert accounts.signed_in("token", NOON) is None
    assert accounts.password(ADA) == "new"
    accounts.sign_in(ADA, "token", NOON)
    assert accounts.remove(ADA)
    assert not accounts.remove(ADA)
    assert accounts.signed_in("token", NOON) is None


def test_no_token_stands_in_the_database(database: Database) -> None:
    accounts = Accounts(database)
    accounts.add(ADA, "hash", Duty.EDITOR, NOON)
    accounts.sign_in(ADA, "token", NOON)
    with database.read() as connection:
        assert "token" not in str(connection.execute(select(tables.session)).all())


def test_the_log_is_read_newest_first(database: Database) -> None:
    audit = Audit(database)
    for n in range(3):
        audit.note(ADA, "held", f"{n}", NOON)
    lines = audit.newest(2)
    assert [line.detail for _, line in lines] == ["2", "1"]
    assert [line.detail for _, line in audit.newest(2, lines[-1][0])] == ["0"]


def test_of_two_editors_the_first_is_done(database: Database) -> None:
    edits = Edits(database)
    assert edits.add(MORNING, DAY, [edit(1), edit(2)], NOON)
    assert not edits.add(MORNING, DAY, [edit(2)], NOON)
    assert not edits.add(MORNING, DAY, [edit(4)], NOON)
    assert edits.add(MORNING, DAY + timedelta(days=1), [edit(1)], NOON)
    assert edits.of(MORNING, DAY) == [edit(1), edit(2)]


def test_a_booked_link_comes_on_its_date_and_by_itself_on_none(database: Database) -> None:
    promotions, stories = Promotions(database), Stories(database)
    link = found("bread", promoted="Sponsored")
    number = promotions.book(MORNING, DAY, "World", link, ADA, NOON)
    promotions.book(MORNING, DAY + timedelta(days=1), "", link, ADA, NOON)
    [(story, section)] = promotions.of(MORNING, DAY)
    assert (story.title, story.promoted, section) == (link.title, "Sponsored", "World")
    assert stories.published_since(NOON - 48 * HOUR) == []
    assert [one.date for one in promotions.coming(MORNING, DAY)] == [DAY, DAY + timedelta(days=1)]
    assert promotions.cancel(number)
    assert promotions.of(MORNING, DAY) == []


def test_an_editors_words_are_frozen_with_the_edition(database: Database) -> None:
    stories, editions = Stories(database), Editions(database)
    stories.save("wire", [found("pier"), found("mole")], NOON - HOUR)
    drafted = compose(MORNING, DAY, stories.published_since(NOON - 36 * HOUR), NOON)
    lead = drafted.items[0]
    told = replace(
        lead.story, title="Mine", lead="Too.", picture=Picture("https://example.com/p.jpg", "A pier")
    )
    edited = replace(drafted, items=(Item(told, Role.LEAD, "", edited=True), *drafted.items[1:]))
    stored = editions.freeze(edited, [RENDERING], NOON)
    loaded = editions.load(MORNING, stored.id)
    assert loaded.items[0].story.title == "Mine"
    assert loaded.items[0].story.picture == told.picture
    assert loaded.items[1] == drafted.items[1]


def test_no_edition_is_frozen_without_an_edit_that_its_editor_saw_taken(database: Database) -> None:
    edits, editions = Edits(database), Editions(database)
    composed = edition_of(database)
    assert edits.add(MORNING, DAY, [edit(1)], NOON)
    with pytest.raises(Stale, match="edited since"):
        editions.freeze(composed, [RENDERING], NOON)
    assert editions.find(MORNING, DAY) is None
    assert editions.freeze(replace(composed, edits=1), [RENDERING], NOON).is_frozen
    assert not edits.add(MORNING, DAY, [edit(2)], NOON)
    assert editions.freeze(composed, [RENDERING], NOON).is_frozen  # whoever comes second gets what is frozen


def test_editing_and_freezing_take_turns(database: Database) -> None:
    edits, editions = Edits(database), Editions(database)
    composed = edition_of(database)
    days = [DAY + timedelta(days=n) for n in range(8)]

    def work(day: date) -> int:
        for n in range(1, 40):
            if not edits.add(MORNING, day, [edit(n)], NOON):
                return n - 1
        return 39

    def freeze(day: date) -> int:
        while True:
            seen = len(edits.of(MORNING, day))
            with suppress(Stale):
                editions.freeze(replace(composed, date=day, edits=seen), [RENDERING], NOON)
                return seen

    with ThreadPoolExecutor(2) as threads:
        for day in days:
            editor = threads.submit(work, day)
            assert threads.submit(freeze, day).result() == editor.result() == len(edits.of(MORNING, day))


def test_a_correction_is_for_whoever_has_not_had_it(database: Database) -> None:
    readers, editions = Readers(database, TOKENS), Editions(database)
    for n in range(4):
        subscribe(readers, f"reader{n}@example.com")
    stored = frozen(database, "pier", "mole")
    order = plan_of(database, stored)
    Planning(database).plan(Planning(database).moments(MORNING), order)
    delivery = tables.delivery.c
    with database.write() as connection:
        ids = list(connection.scalars(select(delivery.id).order_by(delivery.id)))
        for number, state in zip(ids, (DeliveryState.ACCEPTED, DeliveryState.IN_DOUBT), strict=False):
            connection.execute(tables.delivery.update().where(delivery.id == number).values(state=state))
        marked = {"name": "w", "started": 0, "seen": 0, "inflight": f"[{ids[2]}]"}
        connection.execute(tables.worker.insert().values(marked))
    edition = editions.load(MORNING, stored.id)
    right = replace(edition, items=edition.items[:1], correction="Sorry.")
    assert Corrections(database).correct(right, {"en": RENDERING}) == (1, 1)
    with database.read() as connection:
        rows = connection.execute(select(delivery.id, delivery.rendering).order_by(delivery.id)).all()
    assert [row.rendering == order.rendering for row in rows] == [True, True, True, False]
    loaded = editions.load(MORNING, stored.id)
    assert (len(loaded.items), loaded.correction) == (1, "Sorry.")
    tellings = Tellings(database)
    assert tellings.ask(stored.id, 1, "Sorry.", NOON)
    assert not tellings.ask(stored.id, 1, "Sorry.", NOON)
    telling = tellings.next()
    assert telling
    last, [reader] = tellings.readers(telling, 9)
    assert reader.address == "reader0@example.com"
    assert tellings.readers(telling._replace(after=last), 9) == (0, [])


def test_how_far_a_correction_was_told_is_kept_with_its_mails(database: Database) -> None:
    stored, tellings, outbox = frozen(database), Tellings(database), Outbox(database)
    tellings.ask(stored.id, 1, "Sorry.", NOON)
    telling = tellings.next()
    assert telling
    mails = [Single(f"{n}", "correction", f"reader{n}@example.com", b"x") for n in range(120)]
    assert tellings.put(telling, mails, 120, NOON) == outbox.waiting() == 120
    assert tellings.put(telling, [Single("121", "correction", "late@example.com", b"x")], 121, NOON) == 0
    moved = tellings.next()
    assert moved
    assert moved.after == 120
    broken = Single("122", "correction", None, b"x")  # type: ignore[arg-type]  # a database that fails
    with pytest.raises(StoreError):
        tellings.put(moved, [mails[0]._replace(key="123"), broken], 123, NOON)
    assert (tellings.next(), outbox.waiting()) == (moved, 120)
    tellings.finish(moved, NOON)
    assert tellings.next() is None


def test_corrections_let_other_mails_pass(database: Database) -> None:
    outbox = Outbox(database)
    outbox.put(Single("1", "correction", "ann@example.com", b"x"), NOON - HOUR)
    outbox.put(Single("2", "confirm", "bea@example.com", b"x"), NOON)
    assert outbox.due(NOON) == 2
    assert [mail.address for mail in outbox.claim(NOON)] == ["bea@example.com", "ann@example.com"]
    assert outbox.due(NOON) == 0


def test_who_holds_an_edition_is_known(database: Database) -> None:
    subscribe(Readers(database, TOKENS), "ann@example.com")
    stored = frozen(database)
    Planning(database).plan(Planning(database).moments(MORNING), plan_of(database, stored))
    assert not Corrections(database).is_held(stored.id)
    with database.write() as connection:
        connection.execute(tables.batch.update().values(worker=1))
    assert Corrections(database).is_held(stored.id)


def test_an_edition_is_taken_out_of_the_archive(database: Database) -> None:
    stored, archive = frozen(database), Archive(database)
    archive.hide(stored.id, hidden=True)
    assert archive.is_hidden(stored.id)
    assert archive.find(MORNING, DAY) is None
    assert archive.newest(MORNING, 5) == []


def test_how_quick_a_run_is(database: Database) -> None:
    subscribe(Readers(database, TOKENS), "ann@example.com")
    stored = frozen(database)
    Planning(database).plan(Planning(database).moments(MORNING), plan_of(database, stored))
    with database.write() as connection:
        done = {"state": DeliveryState.ACCEPTED, "at": int(NOON.timestamp())}
        connection.execute(tables.delivery.update().values(done))
    deliveries = Deliveries(database)
    assert deliveries.accepted_since(stored.id, NOON - HOUR) == 1
    assert deliveries.accepted_since(stored.id, NOON) == 0


def test_readers_are_found_by_a_part_of_their_address(database: Database) -> None:
    readers = Readers(database, TOKENS)
    for name in ("a_b", "axb"):
        subscribe(readers, f"{name}@example.com")
    listing = Listing(database)
    assert [one.address for one in listing.subscriptions(0, 9, text="A_B")] == ["a_b@example.com"]
    assert listing.subscription_count("morning", "active") == 2
    assert listing.states() == {("morning", "active"): 2}
