"""The pages as one application."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Mount

from digest.safe_headers import SafeHeaders
from digest.web import (
    archive,
    confirm,
    counting,
    files,
    health,
    hooks,
    landing,
    leaving,
    metrics,
    person,
    pictures,
    preferences,
)
from digest.web.api.app import create as create_api
from digest.web.desk import app as desk
from digest.web.errors import add_error_pages
from digest.web.headers import SAFE
from digest.web.limits import Limits
from digest.web.site import Site, utc_now

if TYPE_CHECKING:
    from digest.wiring import App

RESOURCES = (
    landing,
    confirm,
    preferences,
    person,
    leaving,
    archive,
    counting,
    files,
    pictures,
    hooks,
    health,
    metrics,
)


def create(app: App, clock: Callable[[], datetime] = utc_now, limits: Limits | None = None) -> FastAPI:
    """The application over a wired `app`. `clock` gives the time, aware and in UTC."""
    title = app.settings.site.name
    pages = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url=None, routes=_routes())
    pages.state.site = site = Site(app, clock, limits or Limits())
    _mount_api(pages, site)
    add_error_pages(pages, site)
    if not app.settings.desk.listen:
        _mount_desk(pages, app, clock)
    pages.add_middleware(SafeHeaders, headers=SAFE)
    return pages


@cache
def _routes() -> list[BaseRoute]:
    """Made once: to work out what each endpoint takes costs more than to answer."""
    router = APIRouter()
    for resource in RESOURCES:
        router.include_router(resource.router, include_in_schema=False)
    return router.routes


def desk_alone(app: App, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """The desk without the reader pages, for an address of its own."""
    pages = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _mount_desk(pages, app, clock)
    pages.add_middleware(SafeHeaders, headers=SAFE)
    return pages


def _mount_api(pages: FastAPI, site: Site) -> None:
    """Every address below /api is the API's to answer, also one with a line break in it (%0A)."""
    mount = Mount("/api", create_api(site))
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    pages.routes.append(mount)


def _mount_desk(pages: FastAPI, app: App, clock: Callable[[], datetime]) -> None:
    shut = desk.create(app, clock)
    pages.state.desk = shut.state.desk
    pages.mount("/desk", shut)
