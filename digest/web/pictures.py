"""Pictures that we serve ourselves, for mails and for the pages: whoever reads is told to nobody."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from digest.web.files import FOR_EVER
from digest.web.site import Here

# Webmail shows a mail under its own address, and fetches its pictures from there.
ANYWHERE = {"cross-origin-resource-policy": "cross-origin"}

router = APIRouter()


@router.api_route("/pictures/{name}.jpg", methods=["GET", "HEAD"])
def picture(site: Here, name: str) -> FileResponse:
    """Its address is its content's hash, so whoever has it may keep it."""
    file = site.app.pictures.file(name)
    if file is None:
        raise HTTPException(404)
    return FileResponse(file, media_type="image/jpeg", headers=FOR_EVER | ANYWHERE)
