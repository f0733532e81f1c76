"""What the links of the editors' mail lead to: a page that asks, and changes nothing until it is answered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from httpx2 import Response

from digest.model import Duty
from digest.steps.editing import table_of
from tests.builders import found
from tests.web.desk.office import Office, key_on
from tests.web.site import heading

DAY = "/edition/morning/2026-03-11"


@pytest.fixture
def desk(office: Office) -> Office:
    """A desk with three stories for tomorrow's edition."""
    at = office.clock() - timedelta(hours=1)
    stories = [found(name, published=at, section="Harbour") for name in ("pier", "ferry", "crane")]
    office.app.stories.save("wire", stories, at)
    return office


def titles(desk: Office) -> dict[str, int]:
    """The edition's headlines in order, with the stories' numbers."""
    tomorrow = desk.clock().date() + timedelta(days=1)
    items = table_of(desk.app.service, desk.app.newsletters[0], tomorrow, desk.clock()).edition.items
    return {item.story.title: item.story.id for item in items}


async def pressed(desk: Office, path: str, duty: Duty = Duty.EDITOR) -> Response:
    """Open a page and press its one button, as a browser does."""
    async with desk.seat(duty) as browser:
        page = await browser.get(f"/desk{path}")
        form = page.text.partition("<main")[2]
        [action] = re.findall(r'action="([^"]+)"', form)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        assert fields["key"] == key_on(page)
        return await browser.post(action, data=fields)


@pytest.mark.parametrize("what", ["approve", "pin/{}", "skip/{}"])
async def test_following_a_link_changes_nothing(desk: Office, what: str) -> None:
    before = titles(desk)
    path = f"{DAY}/{what.format(before['The crane story'])}"
    async with desk.seat(Duty.EDITOR) as browser:
        for method in ("GET", "HEAD", "GET"):
            assert (await browser.request(method, f"/desk{path}")).status_code == 200
    assert titles(desk) == before
    assert desk.app.edits.of(desk.app.newsletters[0], desk.clock().date() + timedelta(days=1)) == []
    assert desk.app.editions.latest(desk.app.newsletters[0]) == []


async def test_a_story_is_left_out_by_its_button(desk: Office) -> None:
    crane = titles(desk)["The crane story"]
    page = await desk.look(f"{DAY}/skip/{crane}")
    assert heading(page) == "Leave this story out?"
    assert "The crane story" in page.text
    answer = await pressed(desk, f"{DAY}/skip/{crane}")
    assert answer.headers["location"] == f"/desk{DAY}?did=edited"
    assert "The crane story" not in titles(desk)
    again = await desk.look(f"{DAY}/skip/{crane}")
    assert "editor@example.com left it out already." in again.text
    assert "<button>Skip" not in again.text


async def test_a_story_is_put_on_top_by_its_button(desk: Office) -> None:
    *_, last = titles(desk).values()
    await pressed(desk, f"{DAY}/pin/{last}")
    assert last in list(titles(desk).values())[:2]


async def test_the_edition_is_approved_by_its_button(desk: Office) -> None:
    await desk.press(f"{DAY}/hold", Duty.EDITOR)
    page = await desk.look(f"{DAY}/approve")
    assert all(title in page.text for title in titles(desk))
    assert (await pressed(desk, f"{DAY}/approve")).headers["location"] == f"/desk{DAY}?did=approved"
    [stored] = desk.app.editions.latest(desk.app.newsletters[0])
    assert (stored.approved, stored.held) == (True, False)
    assert "It is approved already." in (await desk.look(f"{DAY}/approve")).text


async def test_what_a_colleague_changed_meanwhile_is_told_before_yours_is_done(desk: Office) -> None:
    pier, ferry, _ = titles(desk).values()
    page = await desk.look(f"{DAY}/skip/{pier}")
    await desk.press(f"{DAY}/do", Duty.OPERATOR, do=f"pin {ferry}", seen=0)
    assert 'name="seen" value="0"' in page.text
    late = await desk.press(f"{DAY}/do", Duty.EDITOR, do=f"skip {pier}", seen=0)
    assert late.status_code == 409


async def test_a_link_that_is_too_late_says_so(desk: Office) -> None:
    assert "There is no such story any more." in (await desk.look(f"{DAY}/skip/4711")).text
    desk.overnight(20)
    number = next(iter(titles(desk).values()), 1)
    await desk.press(f"{DAY}/send", Duty.EDITOR)
    for what in ("approve", f"skip/{number}"):
        page = await desk.look(f"{DAY}/{what}")
        assert "Frozen" in page.text
        assert "<button>" not in page.text.partition("<main")[2]


async def test_whoever_is_not_signed_in_comes_to_it_afterwards(desk: Office) -> None:
    answer = await desk.look(f"{DAY}/skip/12", None)
    assert answer.headers["location"] == f"/desk/sign-in?next={DAY}/skip/12"


async def test_a_viewer_sees_no_button(desk: Office) -> None:
    page = await desk.look(f"{DAY}/approve", Duty.VIEWER)
    assert "Only an editor may do it." in page.text
    assert "<button>" not in page.text.partition("<main")[2]


@pytest.mark.parametrize("what", ["dance/1", "pin/x", "undo/1"])
async def test_there_is_no_page_for_anything_else(desk: Office, what: str) -> None:
    assert (await desk.look(f"{DAY}/{what}")).status_code == 404
