"""POSTs that may be sent again: with an Idempotency-Key the second one gets the first one's answer."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from digest.model import ApiKey
from digest.store.idempotency import Answer
from digest.web.api.problems import Problem
from digest.web.site import Site

LONGEST = 200  # characters of the key
HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of your own. Sent again within a day, the same request gets the same answer "
    "and is not done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    "example": "6f1c2a9e-import-2026-03-10",
}
REPEATABLE: dict[str, Any] = {"parameters": [HEADER]}


class Repeatable(APIRoute):
    """A route whose answers are kept for the name that a request gives itself."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            name = request.headers.get("idempotency-key")
            site: Site = request.app.state.site
            owner = await _owner(site, request) if name is not None else None
            if name is None or owner is None:
                return await handler(request)  # which refuses those who have no key
            return await _once(site, owner, name, request, handler)

        return answer


async def _owner(site: Site, request: Request) -> ApiKey | None:
    _, _, given = request.headers.get("authorization", "").partition(" ")
    return await asyncio.to_thread(site.app.keys.find, given)


async def _once(
    site: Site,
    owner: ApiKey,
    name: str,
    request: Request,
    handler: Callable[[Request], Awaitable[Response]],
) -> Response:
    if not 1 <= len(name) <= LONGEST or not name.isascii() or not name.isprintable():
        raise Problem(422, f"Idempotency-Key: 1 to {LONGEST} printable ASCII characters")
    answers = site.app.kept_answers
    asked = f"{request.method} {request.url.path}?{request.url.query} ".encode() + await request.body()
    known = await asyncio.to_thread(answers.begin, owner, name, hashlib.sha256(asked).digest(), site.clock())
    if known:
        return _again(known)
    try:
        response = await handler(request)
    except BaseException:
        await asyncio.to_thread(answers.drop, owner, name)
        raise
    await asyncio.to_thread(answers.keep, owner, name, response.status_code, bytes(response.body))
    return response


def _again(known: Answer) -> Response:
    if not known.same:
        raise Problem(422, "Idempotency-Key: was used for another request; take a new one")
    if not known.status:
        raise Problem(409, "the same request is being worked on; ask again", headers={"retry-after": "2"})
    headers = {"idempotent-replayed": "true", "cache-control": "no-store"}
    return Response(known.body, known.status, headers, "application/json")
