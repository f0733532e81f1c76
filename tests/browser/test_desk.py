"""The desk in a real browser: with its script and without, by mouse, by keyboard and by dragging."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect
from pytest_asyncio import fixture

from digest import passwords, wiring
from digest.addresses import accept
from digest.model import Duty, Order
from digest.settings import check
from digest.steps.by_hand import issue_by_hand
from digest.steps.joining import join
from digest.web.server import serving
from tests.browser.access import violations
from tests.builders import found
from tests.web.desk.provider import CLIENT, SECRET, Provider, providing
from tests.web.site import MORNING

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="module")]

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
PASSWORD = "a good long password"
NAMES = ("pier", "ferry", "crane", "buoy", "mole")


class Room:
    """A service with a desk on loopback, five stories for the coming edition, and one edition out."""

    def __init__(self, app: wiring.App, address: str, provider: Provider) -> None:
        self.app = app
        self.provider = provider
        self.desk = f"{address}desk"

    def prepare(self) -> None:
        now, newsletter = datetime.now(UTC), self.app.newsletters[0]
        order = Order(newsletter.zone, newsletter.send_at, newsletter.days)
        for n in range(3):
            address = accept(f"reader{n}@example.com")
            join(self.app.joining, address, newsletter, order, "test", True, now - timedelta(hours=2))
        self.app.stories.save("wire", [found("lock", published=now)], now - timedelta(hours=1))
        issue_by_hand(self.app.service, newsletter, now.date(), now, everyone=True, approve=True)
        stories = [found(name, published=now, section="Harbour") for name in NAMES]
        self.app.stories.save("wire", stories, now)
        for duty in (Duty.EDITOR, Duty.OPERATOR):
            self.app.accounts.add(f"{duty}@example.com", passwords.hashed(PASSWORD), duty, now)


@fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    folder: Path = tmp_path_factory.mktemp("desk")
    facts: dict[str, Any] = {
        "folder": folder,
        "site": {"name": "The Harbour Post", "url": "http://127.0.0.1:1"},
        "web": {"port": 0},
        "newsletters": [MORNING],
    }
    async with providing() as provider:
        named = {
            "issuer": provider.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "name": "Quay Login",
        }
        facts["oidc"] = {**named, "allow_private": True}
        with wiring.opened(check(facts, "a test")) as app:
            async with serving(app) as address:
                made = Room(app, address, provider)
                await asyncio.to_thread(made.prepare)
                yield made


@fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Any]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def seat(chromium: Any, room: Room, duty: Duty = Duty.EDITOR, **look: Any) -> AsyncIterator[Page]:
    """A browser in which somebody signs in."""
    context = await chromium.new_context(**look)
    page = await context.new_page()
    await page.goto(f"{room.desk}/edition")
    await page.get_by_label("Mail address").fill(f"{duty}@example.com")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("The Harbour Post, ")
    yield page
    await context.close()


async def titles(page: Page) -> list[str]:
    return await page.locator("ol.stories .told a").all_inner_texts()


async def test_somebody_signs_in_by_the_openid_provider(room: Room, chromium: Any) -> None:
    room.provider.now = int(datetime.now(UTC).timestamp())
    room.provider.claims["email"] = f"{Duty.EDITOR}@example.com"
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{room.desk}/edition")
    await page.get_by_role("link", name="Sign in with Quay Login").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("The Harbour Post, ")
    await expect(page.get_by_role("link", name="editor@example.com")).to_be_visible()
    await context.close()


async def test_a_story_is_skipped_and_brought_back_without_a_script(room: Room, chromium: Any) -> None:
    async with seat(chromium, room, java_script_enabled=False) as page:
        await page.get_by_role("button", name="Skip: The crane story").click()
        await expect(page.get_by_role("status")).to_have_text("Saved.")
        assert "The crane story" not in await titles(page)
        await page.get_by_role("button", name="Bring back: The crane story").click()
        assert "The crane story" in await titles(page)


async def test_a_story_goes_down_by_the_keyboard(room: Room, chromium: Any) -> None:
    async with seat(chromium, room, java_script_enabled=False) as page:
        before = await titles(page)
        await page.get_by_role("button", name=f"Down: {before[1]}").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Saved.")
        assert (await titles(page))[1:3] == [before[2], before[1]]


async def test_a_story_is_dragged_to_its_place(room: Room, chromium: Any) -> None:
    async with seat(chromium, room) as page:
        before = await titles(page)
        rows = page.locator("ol.stories li")
        await rows.nth(len(before) - 1).drag_to(rows.nth(1))
        await expect(page.get_by_role("status")).to_have_text("Saved.")
        assert (await titles(page))[1] == before[-1]


async def test_two_editors_at_once(room: Room, chromium: Any) -> None:
    async with seat(chromium, room) as first, seat(chromium, room, Duty.OPERATOR) as second:
        await first.get_by_role("button", name="Pin: The mole story").click()
        await second.get_by_role("button", name="Skip: The buoy story").click()
        await expect(second.get_by_role("heading", level=1)).to_have_text("Somebody was quicker")
        await expect(second.locator("main")).to_contain_text("editor@example.com made a change")


async def test_a_headline_is_rewritten_and_the_mail_beside_it_shows_it(room: Room, chromium: Any) -> None:
    async with seat(chromium, room) as page:
        await page.get_by_role("link", name="Edit: The ferry story").click()
        await page.get_by_label("Headline", exact=True).first.fill("The ferry sails again")
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(page.get_by_role("status")).to_have_text("Saved.")
        frame = page.frame_locator("iframe")
        await expect(frame.locator("body")).to_contain_text("The ferry sails again")
        await page.get_by_role("link", name="Text", exact=True).click()
        await expect(page.frame_locator("iframe").locator("pre")).to_contain_text("The ferry sails again")


async def test_the_front_page_moves_by_itself(room: Room, chromium: Any) -> None:
    async with seat(chromium, room) as page:
        await page.goto(f"{room.desk}/")
        await expect(page.locator("h1")).to_contain_text("The Harbour Post is going out: 0 of 3")
        now = datetime.now(UTC)
        await asyncio.to_thread(room.app.incidents.open, "source:x", "dead source", "Source x is dead.", now)
        await expect(page.locator("h1")).to_have_text("One thing needs you.", timeout=10_000)
        await page.get_by_role("button", name="Close").click()
        await expect(page.locator("h1")).to_contain_text("The Harbour Post is going out")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_fits_a_small_phone_and_breaks_no_rule(
    room: Room, chromium: Any, scheme: str
) -> None:
    small = {"viewport": {"width": 320, "height": 640}, "color_scheme": scheme}
    async with seat(chromium, room, Duty.OPERATOR, **small) as page:
        said: list[str] = []
        page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        paths = (
            "/",
            "/edition",
            "/editions",
            "/editions/1",
            "/readers",
            "/suppressions",
            "/import",
            "/sign-in",
        )
        for path in (*paths, "/sources", "/log", "/account", "/figures", "/figures/morning/domains"):
            answer = await page.goto(f"{room.desk}{path}")
            assert answer
            assert answer.status == 200, path
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320, path
            assert await violations(page) == [], path
        assert said == []
