"""Readers at the desk: found, told whole, imported, put off and brought back; and the log of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from digest.addresses import accept
from digest.model import Duty
from tests.web.desk.office import PEOPLE, Office
from tests.web.site import MORNING, WEEKEND, copy_of


@pytest.fixture
def desk(office: Office) -> Office:
    for name in ("ann", "bea", "cy_d"):
        office.reader(f"{name}@example.com")
    return office


def addresses(page: Response) -> list[str]:
    return re.findall(r'<a href="/desk/readers/[0-9a-f]{32}">([^<]+)</a>', page.text)


def ref_of(desk: Office, address: str) -> str:
    return desk.app.readers.of(accept(address))[0].ref.hex()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=bea", ["bea@example.com"]),
        ("q=BEA%40", ["bea@example.com"]),
        ("q=c_d", []),  # no wildcard
        ("q=y_d", ["cy_d@example.com"]),
        ("state=pending", []),
        ("newsletter=morning&state=active", ["ann@example.com", "bea@example.com", "cy_d@example.com"]),
        ("newsletter=other", []),
    ],
)
async def test_readers_are_found(desk: Office, query: str, found: list[str]) -> None:
    assert addresses(await desk.look(f"/readers?{query}")) == found


async def test_a_person_is_told_whole(desk: Office) -> None:
    desk.clock.turn(minutes=1)
    desk.issue("pier")
    page = await desk.look(f"/readers/{ref_of(desk, 'ann@example.com')}")
    assert "ann@example.com" in page.text
    assert "confirmed Tue 10 Mar" in page.text
    assert "2026-03-10" in page.text
    assert (await desk.look(f"/readers/{'0' * 32}")).status_code == 404
    assert (await desk.look("/readers/xyz")).status_code == 404


async def test_a_person_is_told_with_what_bounced(desk: Office) -> None:
    ann = desk.app.readers.of(accept("ann@example.com"))[0]
    page = f"/readers/{ann.ref.hex()}"
    assert "None." in (await desk.look(page)).text
    strikes = desk.app.absorbing.strikes
    strikes.add(ann, desk.clock(), "full 4.2.2")
    desk.clock.turn(hours=1)
    desk.issue("pier")
    strikes.add(ann, desk.clock(), "temporary")
    told = (await desk.look(page)).text
    assert "2 of the 5 that stop an address count now" in told
    assert re.findall(r"<td>(.*?)</td><td>(.*?)</td><td>(full.*?|temp.*?)</td>", told) == [
        ("Tue 10 Mar, 13:00", "2026-03-10", "temporary"),
        ("Tue 10 Mar, 12:00", "", "full 4.2.2"),
    ]
    desk.overnight(24 * 15)
    assert "0 of the 5" in (await desk.look(page)).text


@pytest.mark.parametrize("kept", ["weekend", "morning"])
async def test_a_person_is_told_whole_whatever_newsletters_are_configured_still(
    prepared: Path, tmp_path: Path, quick_passwords: None, kept: str
) -> None:
    desk = Office(copy_of(prepared, tmp_path), newsletters=[MORNING, WEEKEND])
    reader = desk.reader("ann@example.com")
    desk.reader("ann@example.com", "weekend")
    desk.app.newsletters = tuple(one for one in desk.app.newsletters if one.slug == kept)
    page = await desk.look(f"/readers/{reader.ref.hex()}")
    assert page.status_code == 200
    title = desk.app.newsletters[0].title
    told = [title if slug == kept else slug for slug in ("morning", "weekend")]
    assert re.findall(r'<h2 id="o\d">([^<]+)</h2>', page.text) == told
    desk.close()


async def test_an_operator_puts_an_address_off_and_lifts_it(desk: Office) -> None:
    page = f"/readers/{ref_of(desk, 'ann@example.com')}"
    assert (await desk.press(f"{page}/suppress", why="asked by phone", duty=Duty.EDITOR)).status_code == 403
    await desk.press(f"{page}/suppress", why="asked by phone")
    assert desk.app.readers.status(accept("ann@example.com")) == "suppressed"
    assert "asked by phone" in (await desk.look("/suppressions")).text
    await desk.press("/suppressions/lift", address="ann@example.com")
    assert desk.state("ann@example.com") == "active"
    await desk.press(f"{page}/suppress", why="asked again")
    await desk.press(f"{page}/lift")
    lifted = desk.app.suppressions.lifted(accept("ann@example.com"))
    assert [one.lifted_by for one in lifted] == [PEOPLE[Duty.OPERATOR]] * 2


async def test_an_operator_unsubscribes_and_forgets(desk: Office) -> None:
    page = f"/readers/{ref_of(desk, 'bea@example.com')}"
    await desk.press(f"{page}/unsubscribe")
    assert desk.state("bea@example.com") == "unsubscribed"
    assert (await desk.press(f"{page}/erase")).status_code == 422
    await desk.press(f"{page}/erase", sure="yes")
    assert desk.state("bea@example.com") == ""
    log = (await desk.look("/log")).text
    assert "forgot a person" in log


async def imported(desk: Office, **form: Any) -> Response:
    done = await desk.press("/import", Duty.OPERATOR, newsletter="morning", **form)
    return await desk.look(done.headers["location"].removeprefix("/desk"))


async def test_an_export_of_another_program_brings_nobody_back(desk: Office) -> None:
    people = ("eve@example.com,enabled", "fay@example.com,blocklisted", "gil@example.com,unsubscribed")
    await imported(desk, list="\n".join(("email,status", *people)), confirmed="yes")
    assert desk.state("eve@example.com") == "active"
    assert desk.app.suppressions.find(accept("fay@example.com"))
    assert desk.state("gil@example.com") == "unsubscribed"


async def test_a_list_is_imported_and_bad_lines_are_named(desk: Office) -> None:
    page = await imported(desk, list="dan@example.com\nno address\nann@example.com", confirmed="yes")
    assert "done" in page.text
    assert "line 3" in page.text
    assert desk.state("dan@example.com") == "active"
    assert re.findall(r"<dt>([\w ]+)</dt><dd>(\d+)</dd>", page.text) == [
        ("created", "1"),
        ("known", "1"),
        ("left", "0"),
        ("suppressed", "0"),
        ("elsewhere", "0"),
        ("bad", "1"),
    ]


async def test_lines_about_another_newsletter_are_counted(desk: Office) -> None:
    page = await imported(desk, list="address,newsletter\ndan@example.com,other\neve@example.com,morning\n")
    assert "<dt>elsewhere</dt><dd>1</dd>" in page.text
    assert desk.state("dan@example.com") == ""
    assert "1 elsewhere" in (await desk.look("/log")).text


async def test_without_proof_everyone_is_asked(desk: Office) -> None:
    await imported(desk, list="address,zone\ndan@example.com,America/Lima\n")
    assert desk.state("dan@example.com") == "pending"
    assert len(desk.mails()) == 1


async def test_an_import_that_a_restart_ended_says_so_and_may_be_begun_again(desk: Office) -> None:
    people = "dan@example.com\neve@example.com"
    begun = await desk.press("/import", Duty.OPERATOR, newsletter="morning", list=people)
    page = begun.headers["location"].removeprefix("/desk")
    desk.pages.state.desk.imports.clear()
    told = await desk.look(page)
    assert told.status_code == 404
    assert "it ended there" in told.text
    assert "To import the same file again is safe" in told.text
    written = desk.app.outbox.waiting()
    assert "began an import" in (await desk.look("/log")).text
    again = await imported(desk, list=people)
    assert "done" in again.text
    assert desk.app.outbox.waiting() == written == 2
    assert desk.state("dan@example.com") == "pending"


async def test_an_editor_imports_nobody(desk: Office) -> None:
    assert (
        await desk.press("/import", Duty.EDITOR, newsletter="morning", list="x@example.com")
    ).status_code == 403


async def test_all_readers_as_a_file(desk: Office) -> None:
    lines = (await desk.look("/readers.csv")).text.splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("ann@example.com,morning,active,Europe/Dublin,07:00,daily,")


async def test_the_log_says_who_did_what(desk: Office) -> None:
    await desk.press("/edition/morning/2026-03-11/promote", label="", title="", url="")
    desk.app.audit.note("ada@example.com", "held", "morning of 2026-03-11", desk.clock())
    page = await desk.look("/log")
    assert "ada@example.com" in page.text
    assert "morning of 2026-03-11" in page.text


async def test_sources_without_any(desk: Office) -> None:
    assert "No source is configured yet" in (await desk.look("/sources")).text
    assert (await desk.press("/sources/none/test")).status_code == 404
