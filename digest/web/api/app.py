"""The API as an application of its own, with its own errors, mounted at /api."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from digest import __version__
from digest.web.api import (
    deliveries,
    docs,
    drafts,
    editions,
    incidents,
    runs,
    sources,
    statistics,
    stories,
    subscribers,
    suppressions,
)
from digest.web.api.bodies import LimitedBodies
from digest.web.api.problems import RESPONSES, add_problems
from digest.web.site import Site

RESOURCES = (stories, editions, subscribers, deliveries, sources, suppressions, incidents, statistics)
CHANGING = (drafts, runs)  # further files of the resource "editions"
ABOUT = (
    "For a newsroom's own programs. Each request brings a key, `Authorization: Bearer KEY`, that the "
    "operator makes with `digest keys add NAME --scope SCOPE`. Times are UTC, ISO 8601. Long lists come a "
    "page at a time: send `next` back as `cursor`. A POST with an Idempotency-Key may be sent again. "
    "Whatever goes wrong is told as problem details (RFC 9457)."
)


def create(site: Site) -> FastAPI:
    """The API over the same site as the pages."""
    api = FastAPI(
        title=f"{site.look.site} API",
        description=ABOUT,
        version=__version__,
        servers=[{"url": f"{site.look.url}/api"}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        routes=_routes(),
    )
    api.state.site = site
    add_problems(api)
    api.add_middleware(LimitedBodies)
    return api


@cache
def _routes() -> list[BaseRoute]:
    """Made once: to work out what each endpoint takes and gives costs a sixth of a second."""
    router, version = APIRouter(), APIRouter(prefix="/v1", responses=RESPONSES)
    for resource in (*RESOURCES, *CHANGING):
        version.include_router(resource.router)
    router.include_router(version)
    router.include_router(docs.router)
    return router.routes
