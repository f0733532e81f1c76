"""The pages as one application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import FastAPI

from digest.headers import SafeHeaders
from digest.web import archive, confirm, counting, files, health, landing, leaving, person, preferences
from digest.web.errors import add_error_pages
from digest.web.headers import SAFE
from digest.web.limits import Limits
from digest.web.site import Site, utc_now

if TYPE_CHECKING:
    from digest.wiring import App

RESOURCES = (landing, confirm, preferences, person, leaving, archive, counting, files, health)


def create(app: App, clock: Callable[[], datetime] = utc_now, limits: Limits | None = None) -> FastAPI:
    """The application over a wired `app`. `clock` gives the time, aware and in UTC."""
    pages = FastAPI(title=app.settings.site.name, docs_url=None, redoc_url=None, openapi_url=None)
    pages.state.site = site = Site(app, clock, limits or Limits())
    for resource in RESOURCES:
        pages.include_router(resource.router, include_in_schema=False)
    add_error_pages(pages, site)
    pages.add_middleware(SafeHeaders, headers=SAFE)
    return pages
