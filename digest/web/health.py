"""For whoever watches the process: is it alive, and can it work."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from digest import ownership
from digest.errors import StoreError
from digest.store.migrate import current, mismatch
from digest.web.site import Here

router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"])
def alive() -> JSONResponse:
    return JSONResponse({"status": "ok"})


@router.api_route("/readyz", methods=["GET", "HEAD"])
def ready(site: Here) -> JSONResponse:
    """503 while the database does not answer, has other tables than this program, or var/ is not ours."""
    try:
        tables = current(site.app.database)
    except StoreError as error:
        return JSONResponse({"status": "not ready", "reason": str(error)}, 503)
    if reason := mismatch(tables):
        return JSONResponse({"status": "not ready", "reason": reason}, 503)
    if ownership.unwritable(site.app.settings.folder / "var"):
        reason = "a file in var/ cannot be written by this user; run: digest doctor"
        return JSONResponse({"status": "not ready", "reason": reason}, 503)
    return JSONResponse({"status": "ok"})
