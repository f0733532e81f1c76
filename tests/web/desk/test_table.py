"""The edition table as an editor uses it: by its buttons, alone or beside a colleague."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from httpx2 import Response

from digest.model import Duty
from digest.steps.editing import table_of
from digest.steps.previewing import preview
from tests.builders import found
from tests.web.desk.office import Office
from tests.web.desk.test_front import issued
from tests.web.site import heading

PAGE = "/edition/morning/2026-03-11"


@pytest.fixture
def desk(office: Office) -> Office:
    """A desk with five stories for tomorrow's edition."""
    at = office.clock() - timedelta(hours=1)
    names = ("pier", "ferry", "crane", "buoy", "mole")
    stories = [found(n, published=at, section="Harbour") for n in names]
    office.app.stories.save("wire", stories, at)
    return office


def rows(page: Response) -> list[str]:
    return re.findall(r'<div class="told"><a href="[^"]*" rel="noreferrer">([^<]+)</a>', page.text)


def number_of(desk: Office, name: str) -> int:
    [story] = [
        story
        for story in desk.app.stories.published_since(desk.clock() - timedelta(days=1))
        if name in story.url
    ]
    return story.id


async def press(desk: Office, what: str, seen: int = 0, duty: Duty = Duty.EDITOR) -> Response:
    return await desk.press(f"{PAGE}/do", duty, do=what, seen=seen)


async def test_the_table_opens_at_the_coming_edition(desk: Office) -> None:
    assert (await desk.look("/edition")).headers["location"] == "/desk/edition/morning"
    assert (await desk.look("/edition/morning")).headers["location"] == f"/desk{PAGE}"
    page = await desk.look(PAGE)
    assert heading(page) == "The Harbour Post, Wednesday 11 March"
    assert len(rows(page)) == 5
    assert "It goes out at 07:00 Europe/Dublin with what stands then." in page.text


async def test_after_an_early_issue_the_next_day_is_worked_on(desk: Office) -> None:
    desk.overnight(hours=18)
    desk.issue("lock")
    assert (await desk.look("/edition/morning")).headers["location"] == "/desk/edition/morning/2026-03-12"


async def test_a_skipped_story_is_gone_and_comes_back(desk: Office) -> None:
    crane = number_of(desk, "crane")
    await press(desk, f"skip {crane}")
    page = await desk.look(PAGE)
    assert "The crane story" not in rows(page)
    assert "editor@example.com" in page.text
    await press(desk, "undo 1", seen=1)
    assert "The crane story" in rows(await desk.look(PAGE))


async def test_the_second_of_two_editors_is_told(desk: Office) -> None:
    crane, mole = number_of(desk, "crane"), number_of(desk, "mole")
    await press(desk, f"skip {crane}", duty=Duty.OPERATOR)
    late = await press(desk, f"skip {mole}")
    assert (late.status_code, heading(late)) == (409, "Somebody was quicker")
    assert "operator@example.com made a change" in late.text
    assert "The mole story" in rows(await desk.look(PAGE))


async def test_new_words_are_what_is_previewed_and_sent(desk: Office) -> None:
    pier = number_of(desk, "pier")
    form = {
        "story": str(pier),
        "title": "The pier is open",
        "lead": "Again.",
        "section": "Harbour",
        "picture": "none",
    }
    assert (await desk.press(f"{PAGE}/words", Duty.EDITOR, **form)).status_code == 303
    page = await desk.look(PAGE)
    assert "The pier is open" in rows(page)
    morning = desk.app.newsletters[0]
    shown = preview(
        desk.app.service,
        desk.app.tokens,
        morning,
        desk.clock().date() + timedelta(days=1),
        None,
        desk.clock(),
    )
    assert b"The pier is open" in shown.mail
    reader = desk.reader("ann@example.com")
    desk.overnight(20)
    await desk.press(f"{PAGE}/send", Duty.EDITOR)
    edition = table_of(desk.app.service, morning, desk.clock().date(), desk.clock()).edition
    assert "The pier is open" in [item.story.title for item in edition.items]
    sent = preview(desk.app.service, desk.app.tokens, morning, desk.clock().date(), reader, desk.clock())
    assert b"The pier is open" in sent.mail
    assert "The pier is open" in (await desk.get("/archive/morning/2026-03-11")).text


async def test_what_is_frozen_is_edited_no_more(desk: Office) -> None:
    desk.overnight(20)
    await desk.press(f"{PAGE}/send", Duty.EDITOR)
    late = await press(desk, f"skip {number_of(desk, 'pier')}")
    assert late.status_code == 422
    assert "frozen" in late.text
    assert "Frozen" in (await desk.look(PAGE)).text


async def test_subject_and_preheader(desk: Office) -> None:
    await desk.press(f"{PAGE}/head", Duty.EDITOR, subject="Ships & more", preheader="", seen=0)
    assert 'value="Ships &amp; more"' in (await desk.look(PAGE)).text


async def test_a_story_goes_up_by_a_button(desk: Office) -> None:
    page = await desk.look(PAGE)
    up = re.findall(r'value="(above \d+ \d+)"', page.text)[0]
    before = rows(page)
    await press(desk, up)
    after = rows(await desk.look(PAGE))
    assert after != before
    assert sorted(after) == sorted(before)


@pytest.mark.parametrize(
    "what", ["", "dance 3", "pin", "pin x", "above 3", "undo", "title 3", f"pin {10**20}"]
)
async def test_a_form_that_no_page_of_ours_sends_is_refused(desk: Office, what: str) -> None:
    assert (await press(desk, what)).status_code == 422
    assert desk.app.edits.of(desk.app.newsletters[0], desk.clock().date()) == []


@pytest.mark.parametrize("number", ["x", "1.5", "-1", "9" * 30])
async def test_a_number_that_is_none_is_refused_with_its_field(desk: Office, number: str) -> None:
    issue = issued(desk, 1)
    for page, field in (
        (f"{PAGE}/words", "story"),
        (f"{PAGE}/head", "seen"),
        (f"{PAGE}/approve", "seen"),
        (f"/editions/{issue}/correct", "story"),
    ):
        answer = await desk.press(page, Duty.EDITOR, **{field: number, "said": "Sorry.", "subject": "News"})
        assert answer.status_code == 422, page
        assert f"{field}: " in answer.text


async def test_a_promoted_link_is_booked_for_its_dates_with_a_label(desk: Office) -> None:
    form = {
        "label": "Sponsored by Quay Bakery",
        "title": "Fresh bread",
        "url": "https://bread.example.com/",
        "text": "At seven.",
        "section": "",
        "since": "2026-03-11",
        "until": "2026-03-12",
    }
    await desk.press(f"{PAGE}/promote", Duty.EDITOR, **form)
    morning = desk.app.newsletters[0]
    booked = desk.app.promotions.coming(morning, desk.clock().date())
    assert [(str(one.date), one.who) for one in booked] == [
        ("2026-03-11", "editor@example.com"),
        ("2026-03-12", "editor@example.com"),
    ]
    page = await desk.look(PAGE)
    assert "Fresh bread" in rows(page)
    mail = (await desk.look(f"{PAGE}/mail?view=text")).text
    assert "Sponsored by Quay Bakery" in mail
    await desk.press(f"/promotions/{booked[0].id}/cancel", Duty.EDITOR, back=PAGE)
    assert "Fresh bread" not in rows(await desk.look(PAGE))


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "javascript:alert(1)"},
        {"label": ""},
        {"until": "2026-03-01"},
        {"until": "2027-03-11"},
        {"since": "soon"},
    ],
)
async def test_a_booking_that_cannot_be_is_refused(desk: Office, wrong: dict[str, str]) -> None:
    right = {
        "label": "Paid",
        "title": "Bread",
        "url": "https://bread.example.com/",
        "since": "2026-03-11",
        "until": "2026-03-11",
    }
    assert (await desk.press(f"{PAGE}/promote", Duty.EDITOR, **(right | wrong))).status_code == 422
    assert desk.app.promotions.coming(desk.app.newsletters[0], desk.clock().date()) == []


async def test_the_mail_in_the_frame_can_do_nothing(desk: Office) -> None:
    framed = await desk.look(f"{PAGE}/mail?view=dark")
    policy = framed.headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "prefers-color-scheme" not in framed.text
    plain = await desk.look(f"{PAGE}/mail?view=pictures-off")
    assert "img-src 'none'" in plain.headers["content-security-policy"]


async def test_the_mail_is_shown_as_a_reader_gets_it(desk: Office) -> None:
    desk.reader("ann@example.com")
    assert "ann@example.com" in (await desk.look(f"{PAGE}/mail?view=text&wanted=ann@example.com")).text
    assert "does not read" in (await desk.look(f"{PAGE}?for=eve@example.com")).text


async def test_hostile_headlines_stay_text(desk: Office) -> None:
    at = desk.clock()
    bad = found("bad", title="<script>alert(1)</script>", published=at, section="Harbour")
    desk.app.stories.save("wire", [bad], at)
    assert "<script>alert" not in (await desk.look(PAGE)).text
