"""Requests that cannot be answered as asked, told on a page like any other."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from digest.errors import StoreError
from digest.web.site import Site

_log = logging.getLogger(__name__)


class TooMany(HTTPException):
    """A limit is reached; `seconds` until it is worth asking again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, headers={"retry-after": str(seconds)})


def add_error_pages(pages: FastAPI, site: Site) -> None:
    """A page for every status that an endpoint or the router may raise."""

    def told(status: int, headers: dict[str, str] | None = None) -> HTMLResponse:
        page = site.page("error.html", site.wording(), status=status, code=status)
        page.headers.update(headers or {})
        return page

    async def refused(_request: Request, error: Exception) -> HTMLResponse:
        assert isinstance(error, HTTPException)
        return told(error.status_code, dict(error.headers or {}))

    async def unreadable(_request: Request, _error: Exception) -> HTMLResponse:
        return told(404)

    async def busy(_request: Request, error: Exception) -> HTMLResponse:
        _log.error("a page was not served: %s", error)
        return told(503, {"retry-after": "30"})

    pages.add_exception_handler(HTTPException, refused)
    pages.add_exception_handler(RequestValidationError, unreadable)
    pages.add_exception_handler(StoreError, busy)
