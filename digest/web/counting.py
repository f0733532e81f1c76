"""Links of a mail that are counted, where `[tracking] clicks` asks for it. Whoever comes is led to the story.

An edition that was sent with such links keeps them: they lead there also when counting is off again.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from digest.model import Newsletter
from digest.store.clicks import Click
from digest.web.clicks import is_person
from digest.web.site import PRIVATE, Here, Site, client

router = APIRouter()


@router.api_route("/to/{slug}/{key}/{story}/{token}", methods=["GET", "HEAD"])
def lead(site: Here, request: Request, slug: str, key: str, story: int, token: str) -> RedirectResponse:
    """To the story; 404 for whatever is none of our links."""
    newsletter = site.newsletters.get(slug)
    if newsletter is None or not site.app.counted.is_ours(newsletter, key, story, token):
        raise HTTPException(404)
    edition, urls = _links(site, newsletter, key)
    if story not in urls:
        raise HTTPException(404)
    now, wanted = site.clock(), site.app.settings.tracking.clicks and request.method == "GET"
    if wanted and is_person(request.headers) and site.tally.is_calm(client(request), now):
        site.tally.count(Click(edition, story, now.date()))
    return RedirectResponse(urls[story], 302, PRIVATE)


@lru_cache(64)
def _links(site: Site, newsletter: Newsletter, key: str) -> tuple[int, dict[int, str]]:
    """An edition's number, and where its stories are. Raises HTTPException where none went out."""
    day, _, wave = key.partition(".")
    stored = site.app.editions.find(newsletter, date.fromisoformat(day), wave)
    if stored is None or not stored.is_frozen:
        raise HTTPException(404)
    items = site.app.editions.load(newsletter, stored.id).items
    return stored.id, {item.story.id: item.story.url for item in items}
