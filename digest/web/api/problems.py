"""Whatever goes wrong, told to a program: problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from digest.errors import ConfigError, SourceError, Stale, StoreError, TooMuch, UsageError

MEDIA_TYPE = "application/problem+json"
STATUS = {UsageError: 422, ConfigError: 422, SourceError: 422, Stale: 409, TooMuch: 413}


class Wrong(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(examples=["body.address"])
    detail: str = Field(examples=["'ada@' is not a mail address"])


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457). `type` is always about:blank: the status says it all."""

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field("", examples=["there is no edition 7"])
    errors: list[Wrong] = Field(default_factory=list, description="Each thing that is wrong, where known.")


# For every operation of the API. With "default" FastAPI tells of no other shape of error.
RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, as problem details (RFC 9457)",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
}


class Problem(HTTPException):
    """A request that cannot be answered as asked. `detail` says what would be right."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Sequence[Wrong] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.errors = errors


def add_problems(api: FastAPI) -> None:
    """Answer every error that an endpoint or the router may raise."""
    api.add_exception_handler(HTTPException, _refused)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(StoreError, _busy)
    api.add_exception_handler(Exception, _broken)
    for kind, status in STATUS.items():
        api.add_exception_handler(kind, _with_status(status))


def problem_answer(
    status: int, detail: str = "", errors: Sequence[Wrong] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The problem as an answer."""
    title = HTTPStatus(status).phrase
    problem = ProblemDetails(title=title, status=status, detail=detail, errors=list(errors))
    # ASCII alone: what was sent may hold halves of characters, which no encoding has.
    given = problem.model_dump(mode="python", exclude=None if errors else {"errors"})
    return _Ascii(given, status, {**(headers or {}), "cache-control": "no-store"}, MEDIA_TYPE)


class _Ascii(JSONResponse):
    def render(self, content: Any) -> bytes:
        return json.dumps(content).encode("ascii")


# What the router says of itself, in words that lead on.
_SAID = {
    "Not Found": "there is nothing at this address; what there is stands at /api/docs",
    "Method Not Allowed": "this address takes other methods: see the header Allow",
}


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    errors = error.errors if isinstance(error, Problem) else ()
    said = _SAID.get(str(error.detail), str(error.detail))
    return problem_answer(error.status_code, said, errors, error.headers)


async def _unreadable(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        Wrong(where=".".join(map(str, one["loc"])), detail=one["msg"].removeprefix("Value error, "))
        for one in error.errors()
    ]
    return problem_answer(422, "; ".join(f"{one.where}: {one.detail}" for one in errors[:3]), errors)


async def _busy(_request: Request, _error: Exception) -> JSONResponse:
    return problem_answer(
        503, "the database does not answer; nothing was changed", headers={"retry-after": "30"}
    )


async def _broken(_request: Request, _error: Exception) -> JSONResponse:
    return problem_answer(500, "an internal fault; it is in the log")


def _with_status(status: int) -> Any:
    async def answer(_request: Request, error: Exception) -> JSONResponse:
        return problem_answer(status, str(error))

    return answer
