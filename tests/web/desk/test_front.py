"""The front of the desk: true at every moment, with a cure beside what is wrong."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select, update

from digest.model import DeliveryState, Duty, Saved, Source, SourceState
from digest.steps.collecting import Visit
from digest.store import tables
from tests.web.desk.office import Office
from tests.web.site import heading


def counts(html: str) -> dict[str, int]:
    """The numbers of the first edition on a page, by name."""
    block = html.partition('<dl class="counts">')[2].partition("</dl>")[0]
    pairs = re.findall(r"<dt>([^<]+)</dt><dd>([\d,]+)</dd>", block)
    return {name: int(number.replace(",", "")) for name, number in pairs}


def settle(office: Office, *states: DeliveryState) -> None:
    """Give the first deliveries these outcomes."""
    column = tables.delivery.c
    with office.app.database.write() as connection:
        ids = connection.scalars(select(column.id).order_by(column.id)).all()
        for number, state in zip(ids, states, strict=False):
            there = update(tables.delivery).where(column.id == number)
            connection.execute(there.values(state=state, at=int(office.clock().timestamp()), status="4.7.1"))


def issued(office: Office, readers: int = 5) -> int:
    """Today's edition, planned for so many readers; its number."""
    office.clock.turn(hours=-1)
    for n in range(readers):
        office.reader(f"reader{n}@example.com")
    office.clock.turn(hours=1)
    office.issue("pier", "ferry")
    return office.app.editions.latest(office.app.newsletters[0], 1)[0].id


async def test_a_quiet_desk_says_when_the_next_one_goes(office: Office) -> None:
    office.reader("ann@example.com")
    page = await office.look()
    assert heading(page) == "All is quiet. The Harbour Post goes out in 19 hours."
    assert "Wed 11 Mar, 07:00" in page.text
    assert "Europe/Dublin" in page.text


async def test_outcomes_add_up_to_what_was_planned(office: Office) -> None:
    issued(office)
    for states in ((), (DeliveryState.ACCEPTED,), (DeliveryState.ACCEPTED, DeliveryState.REFUSED)):
        settle(office, *states)
        told = counts((await office.look()).text)
        assert told.pop("planned in all") == 5
        assert sum(told.values()) == 5


async def test_a_run_says_how_quick_it_is_and_how_long_it_takes(office: Office) -> None:
    issued(office)
    settle(office, DeliveryState.ACCEPTED, DeliveryState.ACCEPTED, DeliveryState.ACCEPTED)
    page = await office.look()
    assert heading(page) == "The Harbour Post is going out: 3 of 5, about 1 minute left."
    assert "0.1 a second" in page.text


async def test_a_morning_that_went_well(office: Office) -> None:
    issued(office, 2)
    settle(office, DeliveryState.ACCEPTED, DeliveryState.ACCEPTED)
    assert heading(await office.look()) == "All is well: The Harbour Post reached 2 of 2."


async def test_an_edition_is_stopped_at_once_and_goes_on(office: Office) -> None:
    number = issued(office)
    await office.press(f"/editions/{number}/stop", Duty.EDITOR)
    [pause] = office.app.pauses.standing(office.clock())
    assert (pause.scope, pause.reason) == (f"edition:{number}", "stopped by editor@example.com")
    assert heading(await office.look()) == "One thing needs you."
    await office.press(f"/editions/{number}/resume", Duty.EDITOR)
    assert office.app.pauses.standing(office.clock()) == []


async def test_a_pause_of_everything_is_lifted_by_its_button(office: Office) -> None:
    office.app.pauses.add("all", "the relay refuses us", office.clock())
    office.app.incidents.open("paused", "paused", "Sending is paused: the relay refuses us", office.clock())
    assert "Everything is stopped" in (await office.look()).text
    await office.press("/lift", scope="all")
    assert (office.app.pauses.standing(office.clock()), office.app.incidents.current()) == ([], [])


async def test_an_incident_has_its_cure_and_can_be_closed(office: Office) -> None:
    office.app.incidents.open("empty:morning:2026-03-10", "empty", "It was empty", office.clock())
    page = await office.look()
    assert 'action="/desk/edition/morning/2026-03-10/send"' in page.text
    close = re.findall(r'action="/desk(/incidents/\d+/close)"', page.text)[0]
    await office.press(close)
    assert office.app.incidents.current() == []
    assert (await office.press(close)).status_code == 404


async def test_who_was_partly_sent_is_tried_again(office: Office) -> None:
    number = issued(office, 3)
    settle(office, DeliveryState.ACCEPTED, DeliveryState.REFUSED, DeliveryState.REFUSED)
    office.app.incidents.open(f"partly:{number}", "partly sent", "1 of 3", office.clock())
    answer = await office.press(f"/editions/{number}/retry", Duty.EDITOR)
    assert answer.headers["location"] == f"/desk/editions/{number}?did=retried"
    assert office.app.deliveries.counts(number).deferred == 2
    assert office.app.incidents.current() == []


async def test_sources_in_trouble_stand_by_name_and_since_when(office: Office) -> None:
    assert "None: every source answers." in (await office.look()).text
    office.app.sources = (Source("wire"),)
    failing = SourceState(failing_since=office.clock() - timedelta(hours=5), failures=9, reason="it said 503")
    office.app.visits.record("wire", failing, office.clock())
    page = await office.look()
    assert "Tue 10 Mar, 07:00" in page.text
    assert "it said 503" in page.text
    assert "wire" in (await office.look("/sources")).text


async def test_a_source_says_what_its_last_visit_came_to(office: Office) -> None:
    office.app.sources = (Source("wire"),)
    came = Visit("wire", "ok", Saved(3, 1, 6), took=0.41, skipped={"excluded": 2})
    office.app.visits.record("wire", SourceState(), office.clock(), came.told)
    page = (await office.look("/sources")).text
    assert "12 fetched, 3 new, 1 changed; skipped: 2 excluded; 0.4 s" in page


async def test_the_page_moves_by_itself(office: Office) -> None:
    """Server-sent events; the stream ends with the service."""
    from digest.web.desk.front import _looks
    from digest.web.desk.signed_in import SignedIn

    desk = office.pages.state.desk

    class Gone:
        async def is_disconnected(self) -> bool:
            return True

    me = SignedIn(office.app.accounts.every()[0], "key", {})
    events = [event async for event in _looks(desk, Gone(), me)]  # type: ignore[arg-type]  # all it asks for
    assert len(events) == 1
    assert events[0].startswith('data: <h1 class="verdict well">')
    assert events[0].endswith("\n\n")
