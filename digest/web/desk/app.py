"""The desk as one application, mounted at /desk of the pages or served at an address of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from digest.errors import DigestError, Stale, StoreError
from digest.safe_headers import SafeHeaders
from digest.web.desk import (
    approving,
    editions,
    entering,
    figures,
    files,
    front,
    importing,
    linked,
    log,
    mail,
    openid,
    promotions,
    readers,
    sources,
    suppressions,
    table,
)
from digest.web.desk.frame import Desk
from digest.web.headers import SAFE

if TYPE_CHECKING:
    from digest.wiring import App

OPEN = (entering.router, openid.router, files.router)  # for everyone; a test holds every other page shut
INSIDE = (
    *(front, table, approving, linked, mail, promotions, editions),
    *(readers, suppressions, importing, sources, figures, log),
)
SHUT = (entering.inside, *(resource.router for resource in INSIDE))
STATUS = {StoreError: 503, Stale: 409}
HEADERS = {
    **SAFE,
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",  # with no-referrer a browser's forms say "Origin: null"
}


def create(app: App, clock: Callable[[], datetime]) -> FastAPI:
    """The application over a wired `app`. `clock` gives the time, aware and in UTC."""
    pages = FastAPI(title="The desk", docs_url=None, redoc_url=None, openapi_url=None, routes=_routes())
    pages.state.desk = desk = Desk(app, clock)
    _add_error_pages(pages, desk)
    pages.add_middleware(SafeHeaders, headers=HEADERS)
    return pages


@cache
def _routes() -> list[BaseRoute]:
    """Made once, as those of the reader pages are."""
    router = APIRouter()
    for resource in (*OPEN, *SHUT):
        router.include_router(resource, include_in_schema=False)
    return router.routes


def _add_error_pages(pages: FastAPI, desk: Desk) -> None:
    def told(request: Request, status: int, why: str = "") -> HTMLResponse:
        return desk.page(request, "error.html", status=status, code=status, why=why)

    async def refused(request: Request, error: Exception) -> HTMLResponse:
        assert isinstance(error, HTTPException)
        page = told(request, error.status_code)
        page.headers.update(error.headers or {})
        return page

    async def unreadable(request: Request, _error: Exception) -> HTMLResponse:
        return told(request, 404)

    async def wrong(request: Request, error: Exception) -> HTMLResponse:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
        return told(request, status, f"{error}.")

    pages.add_exception_handler(HTTPException, refused)
    pages.add_exception_handler(RequestValidationError, unreadable)
    pages.add_exception_handler(DigestError, wrong)
