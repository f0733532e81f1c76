"""The pictures of docs/: the demo's mail and pages in Chromium. `make pictures` takes them anew."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

from digest import passwords, wiring
from digest.addresses import accept
from digest.cli import demo
from digest.collect.files import parse_file
from digest.collect.harvest import with_leads
from digest.inbox.server import Inbox
from digest.model import Duty, Order
from digest.steps.by_hand import issue_by_hand
from digest.steps.collecting import take_in
from digest.steps.joining import join
from digest.steps.sending import finish, send_due
from digest.summarise import summarise
from digest.tokens import Purpose
from digest.web.server import serving
from tests.at_noon import at_noon
from tests.docs.reference import DOCS

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from digest.inbox.mailbox import Received

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE, DESKTOP, DESK = (390, 780), (900, 780), 1200
READERS = 40
EDITOR, PASSWORD = "ada@example.com", "a good long password"
QUALITY = 72  # JPEG: a picture of a page stays under 150 KB


async def take() -> None:
    """Show each thing once and keep what the window shows."""
    with tempfile.TemporaryDirectory() as folder:
        async with Inbox() as inbox:
            with wiring.opened(demo._settings(Path(folder), inbox)) as app:
                received = await demo._morning(app, inbox)
                async with serving(app) as address, async_playwright() as playwright:
                    chromium = await playwright.chromium.launch(
                        executable_path="/usr/bin/chromium", args=ARGS
                    )
                    for name, url, size, dark in _wanted(app, inbox, received, address.rstrip("/")):
                        await _shoot(chromium, name, url, size, dark=dark)
                    await _more_readers(app)
                    await _shoot_at_the_desk(chromium, app, address, "desk-today", "/", 600)
                    async with _before_the_morning(inbox) as (early, its_address):
                        await _shoot_at_the_desk(
                            chromium, early, its_address, "desk-edition", "/edition", 800
                        )
                    await chromium.close()


def _wanted(
    app: wiring.App, inbox: Inbox, received: Received, address: str
) -> Iterator[tuple[str, str, tuple[int, int], bool]]:
    mail = f"{inbox.web_url}/mail/{received.id}/frame"
    reader = app.readers.of(accept(demo.READER))[0]
    preferences = f"{address}/preferences/{app.tokens.sign(Purpose.PREFERENCES, reader.ref)}"
    yield "mail-phone", mail, PHONE, False
    yield "mail-dark", mail, PHONE, True
    yield "mail-desktop", mail, DESKTOP, False
    yield "inbox", f"{inbox.web_url}/mail/{received.id}", DESKTOP, False
    yield "landing", f"{address}/", DESKTOP, False
    yield "preferences", preferences, DESKTOP, False


async def _more_readers(app: wiring.App) -> None:
    """Who joins today gets today's edition too."""
    now, newsletter = datetime.now(UTC), app.newsletters[0]
    order = Order(newsletter.zone, newsletter.send_at, newsletter.days)
    for n in range(READERS):
        join(app.joining, accept(f"reader{n}@example.com"), newsletter, order, "demo", True, now)
    issue_by_hand(app.service, newsletter, now.date(), now, everyone=True, approve=True)
    finish(app.service, await send_due(app.post), now)


@asynccontextmanager
async def _before_the_morning(inbox: Inbox) -> AsyncIterator[tuple[wiring.App, str]]:
    """The demo's newspaper with its stories and no edition out yet, and the address of its pages."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder, wiring.opened(demo._settings(Path(folder), inbox)) as app:
        for harvest in parse_file("headlines.jsonl", demo._headlines(now, inbox)):
            take_in(app.service, "sample", with_leads(harvest, summarise), now, keep_first=None)
        async with serving(app) as address:
            yield app, address


async def _shoot_at_the_desk(
    chromium: Browser, app: wiring.App, address: str, name: str, path: str, height: int
) -> None:
    """A page of the desk as an editor sees it."""
    app.accounts.add(EDITOR, passwords.hashed(PASSWORD), Duty.EDITOR, datetime.now(UTC))
    page = await chromium.new_page(viewport={"width": DESK, "height": height})
    await page.goto(f"{address}desk{path}")
    await page.get_by_label("Mail address").fill(EDITOR)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name=EDITOR).wait_for()
    await page.wait_for_load_state("load")  # with the mail in its frame
    await page.screenshot(path=DOCS / "pictures" / f"{name}.jpg", type="jpeg", quality=QUALITY)
    await page.close()


async def _shoot(chromium: Browser, name: str, url: str, size: tuple[int, int], *, dark: bool) -> None:
    page = await chromium.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    await page.goto(url, wait_until="networkidle")
    await page.screenshot(path=DOCS / "pictures" / f"{name}.jpg", type="jpeg", quality=QUALITY)
    await page.close()


if __name__ == "__main__":
    with at_noon():
        asyncio.run(take())
