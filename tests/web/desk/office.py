"""A newspaper's desk, with people at it: pages are opened and forms sent as their browsers do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient, Response

from digest.model import Duty
from digest.web.desk.app import SHUT
from tests.web.site import URL, Newspaper

PEOPLE = {duty: f"{duty}@example.com" for duty in Duty}


class Office(Newspaper):
    """A newspaper at whose desk three people sit: an operator, an editor and a viewer, signed in."""

    def __init__(self, folder: Path, **facts: Any) -> None:
        super().__init__(folder, **facts)
        for duty, address in PEOPLE.items():
            self.app.accounts.add(address, "", duty, self.clock())
        self._all_sign_in()

    def overnight(self, hours: float) -> None:
        """So much later: everyone has been signed out meanwhile, and is back."""
        self.clock.turn(hours=hours)
        self._all_sign_in()

    def _all_sign_in(self) -> None:
        for duty, address in PEOPLE.items():
            self.app.accounts.sign_in(address, token_of(duty), self.clock())

    def desk_routes(self) -> Iterator[tuple[str, set[str]]]:
        """Every page that is shut, with its methods; parts of an address filled in."""
        for router in SHUT:
            for route in router.routes:
                assert isinstance(route, APIRoute)
                yield re.sub(r"{(\w+)(?::\w+)?}", "1", route.path), route.methods or set()

    def seat(self, duty: Duty | None = Duty.OPERATOR, **headers: str) -> AsyncClient:
        """A browser at the desk: of somebody who is signed in, or of nobody (None)."""
        cookies = {"__Host-desk": token_of(duty)} if duty else {}
        transport = ASGITransport(app=self.pages, client=("192.0.2.1", 4000))
        return AsyncClient(
            transport=transport, base_url=URL, cookies=cookies, headers={"origin": URL, **headers}
        )

    async def look(self, path: str = "/", duty: Duty | None = Duty.OPERATOR) -> Response:
        """Open a page of the desk."""
        async with self.seat(duty) as browser:
            return await browser.get(f"/desk{path}")

    async def press(
        self,
        path: str,
        duty: Duty = Duty.OPERATOR,
        *,
        origin: str = URL,
        key: str | None = None,
        **fields: Any,
    ) -> Response:
        """Send a form in, with the key that our pages gave to this browser."""
        async with self.seat(duty, origin=origin) as browser:
            if not key:
                key = key_on(await browser.get("/desk/account"))
            return await browser.post(f"/desk{path}", data={"key": key, **fields})


def token_of(duty: Duty) -> str:
    return f"the cookie of the {duty}"


def key_on(page: Response) -> str:
    """The key in a page's forms."""
    found = re.search(r'name="key" value="(\w+)"', page.text)
    assert found, page.text
    return found[1]
