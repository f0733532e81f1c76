"""Leaving: one click, at once, for good, and undone as easily."""

from __future__ import annotations

import pytest

from digest.addresses import accept
from digest.model import Subscription
from digest.tokens import Purpose
from tests.web.site import Newspaper, form_of, heading

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ada(paper: Newspaper) -> Subscription:
    return paper.reader("ada@example.com")


@pytest.mark.parametrize(
    "how", [{"data": ONE_CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}, {}]
)
async def test_a_mailbox_provider_leaves_for_a_reader(
    paper: Newspaper, ada: Subscription, how: dict[str, object]
) -> None:
    async with paper.browser() as browser:
        browser.headers.pop("user-agent")
        for _ in range(2):
            answer = await browser.post(paper.path(Purpose.UNSUBSCRIBE, ada), **how)  # type: ignore[arg-type]  # one of three ways
            assert answer.status_code == 200
    assert paper.state("ada@example.com") == "unsubscribed"


async def test_where_the_journal_cannot_be_written_nothing_changes_and_the_log_says_so(
    paper: Newspaper, ada: Subscription, caplog: pytest.LogCaptureFixture
) -> None:
    journal = paper.app.settings.folder / "var" / "journal.jsonl"
    journal.mkdir()
    answer = await paper.post(paper.path(Purpose.UNSUBSCRIBE, ada), ONE_CLICK)
    assert answer.status_code == 503
    assert paper.state("ada@example.com") == "active"
    [said] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert f"{journal}: Is a directory; nobody can leave" in said.getMessage()
    assert said.exc_info is None
    journal.rmdir()
    await paper.post(paper.path(Purpose.UNSUBSCRIBE, ada), ONE_CLICK)
    assert paper.state("ada@example.com") == "unsubscribed"


async def test_the_origin_of_the_press_does_not_matter(paper: Newspaper, ada: Subscription) -> None:
    async with paper.browser() as browser:
        link = paper.path(Purpose.UNSUBSCRIBE, ada)
        await browser.post(link, data=ONE_CLICK, headers={"origin": "https://mail.example.net"})
    assert paper.state("ada@example.com") == "unsubscribed"


async def test_a_token_nobody_knows_gets_the_same_answer(paper: Newspaper) -> None:
    answer = await paper.post("/unsubscribe/unknown", ONE_CLICK)
    assert (answer.status_code, heading(answer)) == (200, "You are unsubscribed")


async def test_mail_that_was_planned_is_withdrawn(paper: Newspaper, ada: Subscription) -> None:
    paper.issue("harbour")
    edition = paper.app.editions.latest(paper.app.newsletters[0])[0].id
    assert paper.app.deliveries.counts(edition).planned == 1
    await paper.post(paper.path(Purpose.UNSUBSCRIBE, ada), ONE_CLICK)
    assert paper.app.deliveries.counts(edition).withdrawn == 1


async def test_one_press_on_the_page_and_one_to_undo(paper: Newspaper, ada: Subscription) -> None:
    link = paper.path(Purpose.UNSUBSCRIBE, ada)
    assert heading(await paper.get(link)) == "Leave The Harbour Post"
    goodbye = await paper.post(link)
    assert heading(goodbye) == "You are unsubscribed"
    assert "/preferences/" in goodbye.text
    undo, fields = form_of(goodbye)
    assert fields == {}
    for _ in range(2):
        assert heading(await paper.post(undo)) == "Good to have you back"
    assert paper.state("ada@example.com") == "active"


async def test_undo_is_offered_for_a_day(paper: Newspaper, ada: Subscription) -> None:
    undo, _ = form_of(await paper.post(paper.path(Purpose.UNSUBSCRIBE, ada)))
    paper.clock.turn(days=1, seconds=1)
    assert (await paper.post(undo)).status_code == 404
    assert paper.state("ada@example.com") == "unsubscribed"


async def test_undo_never_outlives_a_suppression(paper: Newspaper, ada: Subscription) -> None:
    undo, _ = form_of(await paper.post(paper.path(Purpose.UNSUBSCRIBE, ada)))
    paper.app.suppressions.add(accept("ada@example.com"), "complaint", "", paper.clock())
    assert (await paper.post(undo)).status_code == 404


async def test_undo_confirms_nothing_that_was_never_confirmed(paper: Newspaper) -> None:
    reader = paper.reader("grace@example.com", confirmed=False)
    undo, _ = form_of(await paper.post(paper.path(Purpose.UNSUBSCRIBE, reader)))
    assert (await paper.post(undo)).status_code == 404
    assert paper.state("grace@example.com") == "unsubscribed"


async def test_leaving_one_newsletter_leaves_the_other(house: Newspaper) -> None:
    reader = house.reader("ada@example.com")
    house.reader("ada@example.com", "weekend")
    await house.post(house.path(Purpose.UNSUBSCRIBE, reader), ONE_CLICK)
    assert house.state("ada@example.com", "morning") == "unsubscribed"
    assert house.state("ada@example.com", "weekend") == "active"


async def test_who_left_comes_back_by_a_fresh_double_opt_in(paper: Newspaper, ada: Subscription) -> None:
    await paper.post(paper.path(Purpose.UNSUBSCRIBE, ada))
    await paper.ask("ada@example.com")
    assert paper.state("ada@example.com") == "pending"
