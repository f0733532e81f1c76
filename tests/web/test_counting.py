"""Counted links: off until asked for; then a number a story, and nobody's name anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from httpx2 import Response

from digest.model import Subscription
from digest.steps.previewing import preview
from digest.store.clicks import Clicks
from digest.web.clicks import HURRY
from tests.builders import found
from tests.web.site import URL, Newspaper, copy_of

PERSON = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
}


@pytest.fixture
def counting(prepared: Path, tmp_path: Path) -> Iterator[Newspaper]:
    made = Newspaper(copy_of(prepared, tmp_path), tables={"tracking": {"clicks": True}})
    yield made
    made.close()


def mail(paper: Newspaper, reader: Subscription) -> bytes:
    of = paper.app.newsletters[0]
    return preview(paper.app.service, paper.app.tokens, of, paper.clock().date(), reader, paper.clock()).mail


def links(paper: Newspaper, reader: Subscription) -> list[str]:
    """The paths of the counted links of a reader's mail, in the order of its text."""
    parsed = message_from_bytes(mail(paper, reader), policy=policy.default)
    text = parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    return re.findall(rf"{URL}(/to/\S+)", text)


def counts(paper: Newspaper) -> list[int]:
    clicks, edition = Clicks(paper.app.database), paper.app.editions.latest(paper.app.newsletters[0])[0]
    clicks.add(paper.site.tally.taken())
    return [count for _, count in clicks.of(edition.id)]


async def follow(paper: Newspaper, path: str, ip: str = "192.0.2.1", method: str = "GET") -> Response:
    async with paper.browser(ip) as browser:
        return await browser.request(method, path, headers=PERSON)


async def test_off_until_it_is_asked_for(paper: Newspaper) -> None:
    ada = paper.reader("ada@example.com")
    paper.issue("harbour", "glacier")
    assert links(paper, ada) == []
    assert "We do not track what you read" in (await paper.get("/")).text


async def test_a_link_leads_to_its_story_and_is_counted(counting: Newspaper) -> None:
    ada = counting.reader("ada@example.com")
    counting.issue("harbour", "glacier")
    first, second = links(counting, ada)
    answer = await follow(counting, first)
    assert answer.status_code == 302
    assert re.fullmatch(r"https://news\.example\.com/(harbour|glacier)", answer.headers["location"])
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "set-cookie" not in answer.headers
    for n in range(3):
        await follow(counting, second, ip=f"198.51.100.{n}")
    assert counts(counting) == [3, 1]
    assert "We count how often a story is opened" in (await counting.get("/")).text


async def test_all_readers_have_the_same_links_and_what_is_kept_names_none(counting: Newspaper) -> None:
    ada, bob = counting.reader("ada@example.com"), counting.reader("bob@example.com")
    counting.issue("harbour")
    assert links(counting, ada) == links(counting, bob)
    await follow(counting, links(counting, ada)[0], ip="198.51.100.7")
    assert counts(counting) == [1]
    ((_, _, _, count),) = counting.everything()["click"]
    assert count == 1
    assert "198.51.100.7" not in repr(counting.everything())


async def test_a_preview_has_the_links_that_are_sent(counting: Newspaper) -> None:
    ada, at = counting.reader("ada@example.com"), counting.clock() - timedelta(hours=1)
    counting.app.stories.save("wire", [found("harbour", published=at), found("glacier", published=at)], at)
    before = links(counting, ada)
    counting.issue()
    assert before == links(counting, ada)
    assert len(before) == 2


async def test_past_editions_lead_straight_to_their_stories(counting: Newspaper) -> None:
    counting.issue("harbour")
    page = await counting.get(f"/archive/morning/{counting.clock().date()}")
    assert 'href="https://news.example.com/harbour"' in page.text
    assert "/to/" not in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": ""},
        {"user-agent": "Mozilla/5.0 (compatible; BingPreview/1.0b)"},
        {"sec-purpose": "prefetch"},
        {"sec-fetch-mode": "no-cors"},
        {"sec-fetch-dest": "empty"},
    ],
)
async def test_a_scanner_is_led_and_not_counted(counting: Newspaper, headers: dict[str, str]) -> None:
    ada = counting.reader("ada@example.com")
    counting.issue("harbour")
    [link] = links(counting, ada)
    assert (await counting.get(link, **{**PERSON, **headers})).status_code == 302
    assert (await follow(counting, link, method="HEAD")).status_code == 302
    assert counts(counting) == []


async def test_who_follows_link_after_link_is_no_person(counting: Newspaper) -> None:
    ada = counting.reader("ada@example.com")
    counting.issue("harbour")
    [link] = links(counting, ada)
    for _ in range(9):
        await follow(counting, link)
    assert counts(counting) == [3]
    counting.clock.turn(seconds=HURRY.total_seconds())
    await follow(counting, link)
    assert counts(counting) == [4]


async def test_no_link_leads_anywhere_else(counting: Newspaper) -> None:
    ada = counting.reader("ada@example.com")
    counting.issue("harbour", "glacier")
    first, second = (link.split("/") for link in links(counting, ada))
    for wrong in (
        [*first[:4], second[4], first[5]],
        [*first[:3], "2026-03-09", *first[4:]],
        [*first[:2], "nowhere", *first[3:]],
        [*first[:5], first[5].swapcase()],
        [*first[:4], "99", first[5]],
        [*first[:3], "soon", *first[4:]],
    ):
        answer = await follow(counting, "/".join(wrong))
        assert (answer.status_code, "location" in answer.headers) == (404, False)
    answer = await follow(counting, "/".join(first) + "?url=https://evil.example")
    assert "evil" not in answer.headers["location"]
