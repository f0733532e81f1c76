"""Everything a reader may want otherwise, saved by one POST."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from httpx2 import Response

from digest.addresses import accept
from digest.model import Subscription
from digest.tokens import Purpose
from tests.web.site import Newspaper, form_of, heading, link_in, recipient


@pytest.fixture
def ada(house: Newspaper) -> Subscription:
    return house.reader("ada@example.com")


async def save(house: Newspaper, reader: Subscription, **changes: Any) -> Response:
    """Open the page, change some fields, press Save."""
    action, fields = form_of(await house.get(house.path(Purpose.PREFERENCES, reader)))
    fields.pop("pause_for", None)
    return await house.post(
        action, {**fields, **{name.replace("__", "."): value for name, value in changes.items()}}
    )


def subscription(house: Newspaper, address: str, newsletter: str) -> Subscription:
    return next(one for one in house.app.readers.of(accept(address)) if one.newsletter == newsletter)


async def test_saving_the_page_as_it_is_changes_nothing(house: Newspaper, ada: Subscription) -> None:
    before = house.everything()
    assert "Saved" in (await save(house, ada)).text
    assert house.everything() == before


async def test_one_post_changes_everything(house: Newspaper, ada: Subscription) -> None:
    answer = await save(
        house,
        ada,
        newsletter=["morning", "weekend"],
        morning__sections=["Sport"],
        morning__days=["mon", "fri"],
        morning__own_only="yes",
        weekend__at="09:15",
        zone="America/Lima",
        language="de",
        pause_until="2026-03-20",
    )
    assert answer.status_code == 200
    morning, weekend = (subscription(house, "ada@example.com", slug) for slug in ("morning", "weekend"))
    assert (morning.sections, morning.days, morning.own_only) == (("Sport",), "mon,fri", True)
    assert (weekend.state, weekend.at, weekend.zone) == ("active", time(9, 15), "America/Lima")
    assert {one.paused_until for one in (morning, weekend)} == {date(2026, 3, 20)}
    assert {one.language for one in (morning, weekend)} == {"de"}


async def test_the_page_shows_what_was_saved(house: Newspaper, ada: Subscription) -> None:
    await save(house, ada, morning__sections=["Sport"], morning__days=["mon"], pause_for="14")
    _, fields = form_of(await house.get(house.path(Purpose.PREFERENCES, ada)))
    assert (fields["morning.sections"], fields["morning.days"]) == (["Sport"], ["mon"])
    assert fields["pause_until"] == ["2026-03-24"]


async def test_the_next_edition_has_the_chosen_sections_and_days_off_are_kept(
    house: Newspaper, ada: Subscription
) -> None:
    await save(house, ada, pause_for="7")
    house.issue("harbour")
    edition = house.app.editions.latest(house.app.newsletters[0])[0].id
    assert house.app.deliveries.counts(edition).all == 0
    await save(house, ada, pause_for="0")
    assert subscription(house, "ada@example.com", "morning").paused_until is None


async def test_a_second_newsletter_needs_no_second_mail(house: Newspaper, ada: Subscription) -> None:
    await save(house, ada, newsletter=["morning", "weekend"])
    assert house.state("ada@example.com", "weekend") == "active"
    assert house.mails() == []
    assert subscription(house, "ada@example.com", "weekend").asked_from == "preferences"


async def test_nothing_ticked_is_goodbye(house: Newspaper, ada: Subscription) -> None:
    assert heading(await save(house, ada, newsletter=[])) == "You are unsubscribed"
    assert house.state("ada@example.com") == "unsubscribed"


async def test_who_has_left_everything_does_not_come_back_by_an_old_link(
    house: Newspaper, ada: Subscription
) -> None:
    action, fields = form_of(await house.get(house.path(Purpose.PREFERENCES, ada)))
    await house.post(house.path(Purpose.UNSUBSCRIBE, ada))
    assert heading(await house.post(action, fields)) == "You are unsubscribed"
    assert house.state("ada@example.com") == "unsubscribed"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"morning__days": []}, "Choose at least one day"),
        ({"morning__sections": []}, "Choose at least one section"),
        ({"zone": "Mars/Olympus"}, "That time is not possible"),
        ({"pause_until": "soon"}, "Choose a day within a year"),
        ({"email": "nobody"}, "This is no mail address"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_saved(
    house: Newspaper, ada: Subscription, changes: dict[str, Any], said: str
) -> None:
    before = house.everything()
    answer = await save(house, ada, **changes)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert house.everything() == before


async def test_a_new_address_holds_once_it_is_confirmed_there(house: Newspaper, ada: Subscription) -> None:
    answer = await save(house, ada, email="ada@example.org")
    assert "We have written to the new address" in answer.text
    house.settle()
    (mail,) = house.mails()
    assert recipient(mail) == "ada@example.org"
    assert "ada@example.com" not in mail.as_string()
    link = link_in(mail, "address")
    for _ in range(3):
        await house.get(link)
    assert house.state("ada@example.com") == "active"
    assert heading(await house.post(link)) == "Your new address"
    assert (house.state("ada@example.com"), house.state("ada@example.org")) == ("", "active")
    assert (await house.post(link)).status_code == 404
    assert (await house.get(house.path(Purpose.PREFERENCES, ada))).status_code == 200


async def test_an_address_with_a_reader_of_its_own_is_not_taken(house: Newspaper, ada: Subscription) -> None:
    house.reader("grace@example.com")
    await save(house, ada, email="grace@example.com")
    house.settle()
    answer = await house.post(link_in(house.mails()[0], "address"))
    assert "a subscription of its own" in answer.text
    assert house.state("ada@example.com") == house.state("grace@example.com") == "active"


async def test_an_address_that_only_left_a_trace_yields(house: Newspaper, ada: Subscription) -> None:
    house.reader("old@example.com", confirmed=False)
    await save(house, ada, email="old@example.com")
    house.settle()
    await house.post(link_in(house.mails()[0], "address"))
    assert house.state("old@example.com") == "active"


async def test_a_suppressed_address_cannot_be_moved_to(house: Newspaper, ada: Subscription) -> None:
    house.app.suppressions.add(accept("off@example.com"), "complaint", "", house.clock())
    await save(house, ada, email="off@example.com")
    house.settle()
    assert house.mails() == []


async def test_changes_of_address_are_no_way_to_flood_strangers(house: Newspaper, ada: Subscription) -> None:
    for n in range(12):
        answer = await save(house, ada, email=f"victim{n}@host{n}.example.com")
        assert answer.status_code == 200
    house.settle()
    assert len(house.mails()) == 5


async def test_a_mail_in_the_readers_language_and_a_page_too(house: Newspaper, ada: Subscription) -> None:
    answer = await save(house, ada, language="de")
    assert '<html lang="de"' in answer.text
