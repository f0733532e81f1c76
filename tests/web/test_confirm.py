"""The link in the mail: only a person's press counts, and an old link brings nobody back."""

from __future__ import annotations

from lxml import html

from digest.addresses import accept
from digest.store.retention import retention
from digest.tokens import Purpose
from tests.web.site import Newspaper, heading, link_in


async def test_the_button_is_the_first_control(paper: Newspaper) -> None:
    reader = paper.reader("ada@example.com", confirmed=False)
    page = html.fromstring((await paper.get(paper.path(Purpose.CONFIRM, reader))).text)
    controls = [node.tag for node in page.iter("a", "button", "input", "select")]
    assert controls[0] == "button"
    assert page.findtext(".//h1") == "One tap is left"


async def test_twice_is_harmless(paper: Newspaper) -> None:
    link = paper.path(Purpose.CONFIRM, paper.reader("ada@example.com", confirmed=False))
    for _ in range(2):
        answer = await paper.post(link)
        assert heading(answer) == "You are on the list"
    assert heading(await paper.get(link)) == "You are on the list"
    assert len(paper.mails()) == 1


async def test_an_old_link_brings_nobody_back(paper: Newspaper) -> None:
    reader = paper.reader("ada@example.com", confirmed=False)
    link = paper.path(Purpose.CONFIRM, reader)
    await paper.post(link)
    await paper.post(paper.path(Purpose.UNSUBSCRIBE, reader))
    for answer in (await paper.get(link), await paper.post(link)):
        assert heading(answer) == "This link does not work"
    assert paper.state("ada@example.com") == "unsubscribed"


async def test_who_was_suppressed_meanwhile_stays_so(paper: Newspaper) -> None:
    reader = paper.reader("ada@example.com", confirmed=False)
    paper.app.suppressions.add(accept("ada@example.com"), "bounce", "", paper.clock())
    assert (await paper.post(paper.path(Purpose.CONFIRM, reader))).status_code == 404
    assert paper.state("ada@example.com") == "pending"


async def test_a_dead_link_explains_and_offers_a_new_mail(paper: Newspaper) -> None:
    paper.reader("ada@example.com", confirmed=False)
    page = await paper.get("/confirm/nonsense")
    assert page.status_code == 404
    assert heading(page) == "This link does not work"
    await paper.ask("ada@example.com", page="/confirm/nonsense")
    assert "confirm" in link_in(paper.mails()[0], "confirm")


async def test_who_comes_after_a_week_starts_anew_from_the_same_page(paper: Newspaper) -> None:
    link = paper.path(Purpose.CONFIRM, paper.reader("ada@example.com", confirmed=False))
    paper.clock.turn(days=8)
    retention(paper.app.database, paper.clock())
    assert paper.state("ada@example.com") == ""
    assert (await paper.get(link)).status_code == 404
    await paper.ask("ada@example.com", page=link)
    assert paper.state("ada@example.com") == "pending"
