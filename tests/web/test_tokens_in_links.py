"""Links in mails: scanners do no harm, guesses do no good, and a right one always works."""

from __future__ import annotations

import pytest

from digest.tokens import Purpose
from tests.web.site import Newspaper

PAGES = [Purpose.CONFIRM, Purpose.UNSUBSCRIBE, Purpose.PREFERENCES, Purpose.RETURN]
SCANNERS = ["BingPreview/1.0b", "", "Mozilla/5.0"]


@pytest.mark.parametrize("purpose", PAGES)
async def test_a_scanner_changes_nothing(paper: Newspaper, purpose: Purpose) -> None:
    paper.reader("grace@example.com")
    link = paper.path(purpose, paper.reader("ada@example.com", confirmed=purpose is not Purpose.CONFIRM))
    before = paper.everything()
    async with paper.browser() as browser:
        for agent in SCANNERS * 3:
            for method in ("GET", "HEAD", "OPTIONS"):
                await browser.request(method, link, headers={"user-agent": agent})
    assert paper.everything() == before
    assert (await paper.post(link, {})).status_code in {200, 404, 422}


def broken(token: str) -> list[str]:
    flipped = token[:5] + ("A" if token[5] != "A" else "B") + token[6:]
    return [flipped, token[:-1], token + "=", token.upper(), token + "%00", token[::-1], "x" * 5000]


@pytest.mark.parametrize("purpose", PAGES)
async def test_a_broken_token_is_refused_alike(paper: Newspaper, purpose: Purpose) -> None:
    link = paper.path(purpose, paper.reader("ada@example.com"))
    page, token = link.rsplit("/", 1)
    before = paper.everything()
    answers = [await paper.get(f"{page}/{bad}") for bad in broken(token)]
    assert {answer.status_code for answer in answers} == {404}
    assert paper.everything() == before


@pytest.mark.parametrize("purpose", PAGES)
async def test_a_token_opens_its_own_page_only(paper: Newspaper, purpose: Purpose) -> None:
    reader = paper.reader("ada@example.com")
    for other in PAGES:
        if other is not purpose:
            token = paper.app.tokens.sign(other, reader.ref)
            assert (await paper.get(f"/{purpose.value}/{token}")).status_code == 404


async def test_who_keeps_guessing_is_slowed_and_nobody_else(paper: Newspaper) -> None:
    link = paper.path(Purpose.PREFERENCES, paper.reader("ada@example.com"))
    async with paper.browser("198.51.100.1") as guesser:
        statuses = [(await guesser.get(f"/preferences/guess{n}")).status_code for n in range(60)]
        assert statuses == [404] * 50 + [429] * 10
        assert (await guesser.get(link)).status_code == 200
    assert (await paper.get("/preferences/guess")).status_code == 404


async def test_an_old_secret_still_opens_links(paper: Newspaper) -> None:
    link = paper.path(Purpose.PREFERENCES, paper.reader("ada@example.com"))
    secret = paper.app.settings.folder / "var" / "secret"
    secret.write_text("a-newer-secret-of-more-than-32-characters\n" + secret.read_text())
    rotated = Newspaper(paper.app.settings.folder)
    assert (await rotated.get(link)).status_code == 200
    rotated.close()


async def test_a_forgotten_reader_has_no_pages(paper: Newspaper) -> None:
    reader = paper.reader("ada@example.com")
    await paper.post(paper.path(Purpose.PREFERENCES, reader) + "/erase")
    for purpose in PAGES:
        assert (await paper.get(paper.path(purpose, reader))).status_code == 404
