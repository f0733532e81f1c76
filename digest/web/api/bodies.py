"""No body is larger than what the API is for: a thousand stories."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digest.web.api.problems import Problem, problem_answer

LARGEST = 10_000_000  # bytes
_TOO_LARGE = f"a body has at most {LARGEST // 1_000_000} MB; send the stories in smaller batches"


class LimitedBodies:
    """413 for a body that says it is larger, or turns out to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _declared(scope) > LARGEST:
            await problem_answer(413, _TOO_LARGE)(scope, receive, send)
            return
        taken = 0

        async def receive_some() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:
                raise Problem(413, _TOO_LARGE)
            return message

        await self._app(scope, receive_some, send)


def _declared(scope: Scope) -> int:
    """What Content-Length says; 0 where it says nothing."""
    given = dict(scope.get("headers", ())).get(b"content-length", b"")
    return int(given) if given.isdigit() and len(given) < 20 else 0
