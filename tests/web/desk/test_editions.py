"""Who got it, who did not, and why; and an edition corrected after it went out."""

from __future__ import annotations

import csv
import io

from digest.model import DeliveryState, Duty
from digest.steps.telling import tell_as_they_leave
from tests.web.desk.office import Office
from tests.web.desk.test_front import issued, settle
from tests.web.site import recipient, text_of


async def test_an_edition_names_who_did_not_get_it(office: Office) -> None:
    number = issued(office, 3)
    settle(office, DeliveryState.ACCEPTED, DeliveryState.REFUSED)
    page = await office.look(f"/editions/{number}")
    assert "reader1@example.com" in page.text
    assert "reader0@example.com" not in page.text
    assert "reader0@example.com" in (await office.look(f"/editions/{number}?show=accepted")).text
    assert (await office.look("/editions")).text.count(f'href="/desk/editions/{number}"') == 1
    assert (await office.look("/editions/99")).status_code == 404


async def test_the_same_as_a_table(office: Office) -> None:
    number = issued(office, 3)
    settle(office, DeliveryState.ACCEPTED, DeliveryState.REFUSED)
    answer = await office.look(f"/editions/{number}/readers.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["outcome"] for row in rows] == ["accepted", "refused", "planned"]
    assert "attachment" in answer.headers["content-disposition"]


async def test_out_of_the_archive_and_back(office: Office) -> None:
    number = issued(office, 1)
    assert (await office.get("/archive/morning/2026-03-10")).status_code == 200
    await office.press(f"/editions/{number}/archive", Duty.EDITOR, public="no")
    assert (await office.get("/archive/morning/2026-03-10")).status_code == 404
    await office.press(f"/editions/{number}/archive", Duty.EDITOR, public="yes")
    assert (await office.get("/archive/morning/2026-03-10")).status_code == 200


async def test_a_correction_reaches_those_who_wait_and_is_mailed_to_the_others(office: Office) -> None:
    number = issued(office, 3)
    settle(office, DeliveryState.ACCEPTED)
    items = office.app.editions.load(office.app.newsletters[0], number).items
    form = {"said": "The pier is not closed.", "story": str(items[0].story.id), "title": "The pier is open"}
    answer = await office.press(f"/editions/{number}/correct", Duty.EDITOR, tell="yes", **form)
    assert answer.headers["location"] == f"/desk/editions/{number}?did=corrected"
    assert office.app.pauses.standing(office.clock()) == []
    archived = (await office.get("/archive/morning/2026-03-10")).text
    assert "The pier is open" in archived
    assert "The pier is not closed." in archived
    tell_as_they_leave(office.app.service, office.app.tellings, office.app.tokens, office.clock())
    [mail] = office.mails()
    assert recipient(mail) == "reader0@example.com"
    assert "The pier is not closed." in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_correction_says_what_was_wrong(office: Office) -> None:
    number = issued(office, 1)
    assert (await office.press(f"/editions/{number}/correct", Duty.EDITOR, said="")).status_code == 422
