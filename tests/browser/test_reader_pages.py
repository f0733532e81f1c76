"""The readers' way in a real browser, without JavaScript but for work: in with two clicks, out with one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect
from pytest_asyncio import fixture

from digest import wiring
from digest.model import Subscription
from digest.settings import check
from digest.tokens import Purpose
from digest.web.server import serving
from tests.blank_store import lay_tables
from tests.browser.access import violations
from tests.web.site import MORNING, URL, WEEKEND, Newspaper, link_in

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="module")]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
OPEN = ("/", "/subscribe", "/preferences", "/embed", "/archive", "/archive/morning", "/confirm/gone")


class Stand(Newspaper):
    """A newspaper that really listens, at the hour it is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, (MORNING, WEEKEND))
        self.clock.now = datetime.now(UTC)
        self.address = ""

    def url(self, purpose: Purpose, reader: Subscription) -> str:
        return self.address + self.path(purpose, reader)[1:]

    async def next_link(self, page: str) -> str:
        """The link in the mail that comes next, on the address of this test's server."""
        async with asyncio.timeout(10):
            while not (mails := self.mails()):  # noqa: ASYNC110 - a database has no events
                await asyncio.sleep(0.05)
        return self.address + link_in(mails[-1], page)[1:]


@fixture(scope="module", loop_scope="module")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stand]:
    async with _listening(tmp_path_factory.mktemp("stand")) as stand:
        stand.issue("harbour", "glacier", "orchard")
        yield stand


@fixture(loop_scope="module")
async def careful(tmp_path: Path) -> AsyncIterator[Stand]:
    """A stand that asks for work."""
    async with _listening(tmp_path, proof_of_work=True) as stand:
        yield stand


@asynccontextmanager
async def _listening(folder: Path, **web: bool) -> AsyncIterator[Stand]:
    lay_tables(folder)
    stand = Stand(folder)
    facts = {"site": {"url": URL}, "web": {"port": 0, **web}, "newsletters": [MORNING, WEEKEND]}
    app = wiring.App(check({"folder": folder, **facts}, "a test"))
    async with serving(app) as stand.address:
        yield stand
    app.close()
    stand.close()


@fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Any]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        await browser.close()


@fixture(loop_scope="module")
async def page(chromium: Any) -> AsyncIterator[Page]:
    async with _opened(chromium) as page:
        yield page


@asynccontextmanager
async def _opened(chromium: Any, *, script: bool = False, **look: Any) -> AsyncIterator[Page]:
    context = await chromium.new_context(java_script_enabled=script, **look)
    yield await context.new_page()
    await context.close()


async def heading(page: Page) -> str:
    return await page.locator("h1").inner_text()


async def test_in_with_two_clicks_and_the_keyboard(stand: Stand, page: Page) -> None:
    stand.clear_outbox()
    await page.goto(stand.address)
    await page.get_by_label("Your mail address").fill("ada@example.com")
    await page.wait_for_timeout(1100)  # the form's least age
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Look into your inbox")
    await page.goto(await stand.next_link("confirm"))
    assert await heading(page) == "One tap is left"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("You are on the list")
    assert stand.state("ada@example.com") == "active"


async def test_a_morning_in_a_zone_of_ones_own(stand: Stand, page: Page) -> None:
    stand.clear_outbox()
    await page.goto(stand.address + "subscribe?newsletter=weekend")
    await page.get_by_label("Your mail address").fill("vera@example.com")
    await page.get_by_label("Time zone").select_option("America/Lima")
    await page.wait_for_timeout(1100)  # the form's least age
    await page.get_by_role("button", name="Subscribe").click()
    await page.goto(await stand.next_link("confirm"))
    await expect(page.get_by_text("Saturday, Sunday at 07:00 (Lima)")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("at 07:00 (Lima)")).to_be_visible()
    (vera,) = (one for one in stand.app.readers.every("weekend") if one.address == "vera@example.com")
    assert (vera.state, vera.zone) == ("active", "America/Lima")


async def test_a_wrong_address_is_said_beside_the_field(stand: Stand, page: Page) -> None:
    await page.goto(stand.address + "subscribe")
    field = page.get_by_label("Your mail address")
    await field.fill("ada@example")  # what a browser lets pass
    await page.get_by_role("button", name="Subscribe").click()
    await expect(page.get_by_role("alert")).to_contain_text("no mail address")
    await expect(field).to_have_value("ada@example")


async def test_out_with_one_click_and_back_with_one(stand: Stand, page: Page) -> None:
    reader = stand.reader("grace@example.com")
    for _ in range(10):
        await page.goto(stand.url(Purpose.UNSUBSCRIBE, reader))
    assert stand.state("grace@example.com") == "active"
    await page.get_by_role("button", name="Unsubscribe").click()
    assert await heading(page) == "You are unsubscribed"
    assert stand.state("grace@example.com") == "unsubscribed"
    await page.get_by_role("button", name="Undo").click()
    assert await heading(page) == "Good to have you back"
    assert stand.state("grace@example.com") == "active"


async def test_preferences_are_saved_by_one_press(stand: Stand, page: Page) -> None:
    reader = stand.reader("mary@example.com")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    await page.goto(stand.url(Purpose.PREFERENCES, reader))
    await page.get_by_role("checkbox", name="Harbour Weekend").check()
    await page.get_by_role("group", name="Harbour Weekend: Days").get_by_label("Saturday").uncheck()
    await page.get_by_label("Hour").select_option("09:15")
    await page.get_by_label("Time zone").select_option("America/Lima")
    await page.get_by_role("group", name="The Harbour Post: Sections").get_by_label("Sport").uncheck()
    await page.get_by_role("button", name="Save").first.click()
    await expect(page.get_by_role("status")).to_contain_text("Saved")
    assert len(posts) == 1
    await expect(page.get_by_label("Hour")).to_have_value("09:15")
    mine = {one.newsletter: one for one in stand.app.readers.every() if one.address == "mary@example.com"}
    assert (mine["weekend"].days, mine["weekend"].zone) == ("sun", "America/Lima")
    assert mine["morning"].sections == ("Harbour", "World")


async def test_enter_in_a_field_saves_and_does_not_pause(stand: Stand, page: Page) -> None:
    reader = stand.reader("joan@example.com")
    await page.goto(stand.url(Purpose.PREFERENCES, reader))
    await page.get_by_label("Mail address").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Saved")
    assert all(one.paused_until is None for one in stand.app.readers.every())


async def test_a_pause_is_one_press_and_so_is_its_end(stand: Stand, page: Page) -> None:
    reader = stand.reader("lise@example.com")
    await page.goto(stand.url(Purpose.PREFERENCES, reader) + "#pause")
    await page.get_by_role("button", name="Two weeks").click()
    await expect(page.get_by_text("Paused.")).to_be_visible()
    await page.get_by_role("button", name="Go on now").click()
    await expect(page.get_by_text("Paused.")).to_have_count(0)


async def test_a_new_address_is_confirmed_at_the_new_one(stand: Stand, page: Page) -> None:
    reader = stand.reader("rosa@example.com")
    await page.goto(stand.url(Purpose.PREFERENCES, reader))
    await page.get_by_label("Mail address").fill("rosa@example.org")
    await page.get_by_role("button", name="Save").first.click()
    await page.goto(await stand.next_link("address"))
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("from now on it comes to this address")).to_be_visible()
    assert stand.state("rosa@example.org") == "active"


async def test_a_link_to_the_preferences_is_mailed(stand: Stand, page: Page) -> None:
    stand.reader("emmy@example.com")
    await page.goto(stand.address + "preferences")
    await page.get_by_label("Your mail address").fill("emmy@example.com")
    await page.wait_for_timeout(1100)  # the form's least age
    await page.get_by_role("button", name="Send me a link").click()
    await page.goto(await stand.next_link("preferences"))
    assert await heading(page) == "Your preferences"


async def test_work_is_done_while_an_address_is_typed(careful: Stand, chromium: Any) -> None:
    async with _opened(chromium, script=True) as page:
        await page.goto(careful.address)
        await page.get_by_label("Your mail address").fill("ada@example.com")
        await page.wait_for_timeout(1100)  # the form's least age
        await page.keyboard.press("Enter")  # it waits for the sum, where that is not done yet
        await expect(page.locator("h1")).to_have_text("Look into your inbox", timeout=30_000)
        await page.goto(await careful.next_link("confirm"))
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("You are on the list")


async def test_past_editions_are_read_from_the_front_page_on(stand: Stand, page: Page) -> None:
    await page.goto(stand.address)
    await page.get_by_role("link", name="Read the whole edition").click()
    assert await heading(page) == "The Harbour Post"
    await page.get_by_role("banner").get_by_role("link", name="Past editions").click()
    await expect(page.get_by_role("listitem").filter(has_text="story")).to_have_count(1)


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark"}])
async def test_every_page_fits_a_small_phone_breaks_no_rule_of_access_and_asks_no_other_host(
    stand: Stand, chromium: Any, look: dict[str, Any]
) -> None:
    reader, pending = stand.reader("ida@example.com"), stand.reader("eva@example.com", confirmed=False)
    personal = [stand.url(purpose, reader) for purpose in (Purpose.PREFERENCES, Purpose.UNSUBSCRIBE)]
    urls = [stand.address + path[1:] for path in OPEN]
    async with _opened(chromium, script=True, viewport={"width": 320, "height": 640}, **look) as page:
        asked: set[str] = set()
        page.on("request", lambda request: asked.add(request.url.split("/", 3)[2]))
        for url in [*urls, *personal, stand.url(Purpose.CONFIRM, pending)]:
            await page.goto(url)
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320, url
            assert await violations(page) == [], url
        assert asked == {stand.address.split("/")[2]}
