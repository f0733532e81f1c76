"""A publisher's own program, as it asks the API."""

from __future__ import annotations

from typing import Any

from httpx2 import Response

from digest.model import Scope
from tests.web.site import Newspaper

STORY = {
    "id": "cms-1",
    "url": "https://www.example.com/harbour",
    "title": "Harbour reopens after the storm",
    "section": "World",
    "published_at": "2026-03-10T11:00:00Z",
    "body": "<p>The harbour of Port Ellery reopened on Tuesday, two days after the storm had closed it to "
    "all ships, the harbour master said.</p><p>The first ferry left at noon.</p>",
}
PROOF = {"at": "2026-03-09T10:00:00Z", "origin": "checkout, 192.0.2.7", "wording": "newsletter-box-3"}


class Backend:
    """Asks with a key that allows everything, unless another is given; "" for none."""

    def __init__(self, paper: Newspaper) -> None:
        self.paper = paper
        self.key = paper.app.keys.add("backend", list(Scope), paper.clock())

    def key_to(self, *scopes: Scope) -> str:
        return self.paper.app.keys.add(f"key {len(self.paper.app.keys.every())}", scopes, self.paper.clock())

    async def ask(
        self, method: str, path: str, given: Any = None, key: str | None = None, **more: Any
    ) -> Response:
        key = self.key if key is None else key
        headers = {**({"authorization": f"Bearer {key}"} if key else {}), **more.pop("headers", {})}
        async with self.paper.browser() as browser:
            return await browser.request(method, f"/api{path}", json=given, headers=headers, **more)

    async def get(self, path: str, **more: Any) -> Response:
        return await self.ask("GET", path, **more)

    async def post(self, path: str, given: Any, **more: Any) -> Response:
        return await self.ask("POST", path, given, **more)

    async def every(self, path: str) -> list[Any]:
        """All items of a list, a page after the other."""
        found, cursor = [], ""
        while True:
            page = (await self.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}")).json()
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                return found


def problem(answer: Response) -> str:
    """The detail of a problem, which says of itself what the status line says."""
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["status"] == answer.status_code
    return str(told["detail"])
