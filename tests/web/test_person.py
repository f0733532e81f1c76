"""All that is known of a person: theirs to take along and to have forgotten."""

from __future__ import annotations

from digest.addresses import accept
from digest.tokens import Purpose
from tests.web.site import Newspaper, heading


async def test_everything_known_comes_as_a_file(paper: Newspaper) -> None:
    link = paper.path(Purpose.PREFERENCES, paper.reader("ada@example.com"))
    paper.issue("harbour")
    answer = await paper.get(link + "/data")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    known = answer.json()
    assert known["address"] == "ada@example.com"
    assert known["subscriptions"][0]["asked_from"] == "cli"
    assert known["subscriptions"][0]["confirmed_at"] == "2026-03-10T12:00:00+00:00"
    assert known["editions_mailed"][0] == {
        "local_date": "2026-03-10",
        "state": "planned",
        "at": None,
        "reply": None,
    }


async def test_nobody_elses_data_is_in_it(paper: Newspaper) -> None:
    paper.reader("grace@example.com")
    link = paper.path(Purpose.PREFERENCES, paper.reader("ada@example.com"))
    assert "grace" not in (await paper.get(link + "/data")).text


async def test_erasing_takes_one_button_and_leaves_no_address(paper: Newspaper) -> None:
    link = paper.path(Purpose.PREFERENCES, paper.reader("ada@example.com")) + "/erase"
    assert heading(await paper.get(link)) == "Forget me"
    assert paper.state("ada@example.com") == "active"
    assert heading(await paper.post(link)) == "You are forgotten"
    assert "ada" not in repr(paper.everything())


async def test_a_suppression_outlives_being_forgotten(paper: Newspaper) -> None:
    link = paper.path(Purpose.PREFERENCES, paper.reader("ada@example.com")) + "/erase"
    paper.app.suppressions.add(accept("ada@example.com"), "complaint", "", paper.clock())
    await paper.post(link)
    await paper.ask("ada@example.com")
    assert paper.mails() == []
