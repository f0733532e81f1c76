"""The pictures of docs/: the demo's mail and pages in Chromium. `make pictures` takes them anew."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

from digest import wiring
from digest.addresses import accept
from digest.cli import demo
from digest.inbox.server import Inbox
from digest.tokens import Purpose
from digest.web.server import serving
from tests.docs.reference import DOCS

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from digest.inbox.mailbox import Received

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE, DESKTOP = (390, 780), (900, 780)
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


async def _shoot(chromium: Browser, name: str, url: str, size: tuple[int, int], *, dark: bool) -> None:
    page = await chromium.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    await page.goto(url, wait_until="networkidle")
    await page.screenshot(path=DOCS / "pictures" / f"{name}.jpg", type="jpeg", quality=QUALITY)
    await page.close()


if __name__ == "__main__":
    asyncio.run(take())
