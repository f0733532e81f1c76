"""Past editions, for everyone: a list, each edition, and a feed. The same bytes for all who ask.

An edition is shown from its frozen stories, not from its mail: a page has other duties (headings, landmarks,
one stylesheet), and no reader's address or token can be in it, because none was ever put in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from digest import __version__
from digest.model import Edition, Newsletter
from digest.render.catalogue import Wording
from digest.render.layout import Block, blocks
from digest.store.archive import Archived
from digest.web.feed import feed
from digest.web.phrases import when
from digest.web.site import Here, Site

PER_PAGE = 30
FED = 14  # editions in the feed: two weeks
KEPT = 64  # pages in memory
PUBLIC = "public, max-age=60, must-revalidate"

router = APIRouter(prefix="/archive")


@router.api_route("", methods=["GET", "HEAD"])
def newsletters(site: Here, request: Request) -> Response:
    """The newest editions of every newsletter."""
    shelves = [(one, site.app.archive.newest(one, 7)) for one in site.newsletters.values()]
    return _listed(site, request, shelves, site.wording())


@router.api_route("/{slug}", methods=["GET", "HEAD"])
def shelf(site: Here, request: Request, slug: str, before: date | None = None) -> Response:
    """One newsletter's editions, newest first, a page at a time."""
    newsletter = site.newsletter(slug)
    found = site.app.archive.newest(newsletter, PER_PAGE + 1, before)
    older = found[PER_PAGE - 1].date if len(found) > PER_PAGE else None
    return _listed(site, request, [(newsletter, found[:PER_PAGE])], site.wording(newsletter), older)


@router.api_route("/{slug}/feed.xml", methods=["GET", "HEAD"])
def atom(site: Here, request: Request, slug: str) -> Response:
    newsletter = site.newsletter(slug)
    past = site.app.archive.newest(newsletter, FED)
    tag = _tag(site, "feed", newsletter.slug, *past)
    if _is_known(request, tag):
        return _unchanged(tag)
    entries = [(one, edition_blocks(site, one)) for one in past]
    body = feed(newsletter, site.look, entries)
    return Response(body, media_type="application/atom+xml", headers=_headers(tag))


@router.api_route("/{slug}/{day}", methods=["GET", "HEAD"])
def edition(site: Here, request: Request, slug: str, day: date) -> Response:
    """One edition, as it went out."""
    newsletter = site.newsletter(slug)
    past = site.app.archive.find(newsletter, day)
    if past is None:
        raise HTTPException(404)
    wording = site.wording(newsletter)
    tag = _tag(site, "edition", past, wording)
    if _is_known(request, tag):
        return _unchanged(tag)
    return HTMLResponse(_page(site, newsletter, past, wording), headers=_headers(tag))


@lru_cache(KEPT)
def _page(site: Site, newsletter: Newsletter, past: Archived, wording: Wording) -> str:
    facts = {
        "newsletter": newsletter,
        "past": past,
        "day": wording.day(past.date),
        "when": when(newsletter, wording),
    }
    return site.html("edition.html", wording, **facts, blocks=edition_blocks(site, past))


@lru_cache(KEPT)
def edition_blocks(site: Site, past: Archived) -> Sequence[Block]:
    """An edition's pieces in reading order; pictures only where they are our own.

    A picture on another host would tell that host who reads what, which the pages promise not to do.
    """
    newsletter = site.newsletters[past.newsletter]
    stored: Edition = site.app.editions.load(newsletter, past.id)
    return tuple(
        block if block.image is None or site.is_ours(block.image.url) else replace(block, image=None)
        for block in blocks(stored, site.wording(newsletter), site.look)
    )


def _listed(
    site: Site,
    request: Request,
    shelves: Sequence[tuple[Newsletter, Sequence[Archived]]],
    wording: Wording,
    older: date | None = None,
) -> Response:
    tag = _tag(site, "list", wording, older, *(past for _, found in shelves for past in found))
    if _is_known(request, tag):
        return _unchanged(tag)
    html = site.html("archive.html", wording, shelves=shelves, older=older, told_day=wording.day)
    return HTMLResponse(html, headers=_headers(tag))


def _tag(site: Site, *facts: object) -> str:
    """An ETag from all that a page is made of. Weak: a proxy may compress the bytes (RFC 9110, 8.8.3)."""
    digest = hashlib.sha256(repr((__version__, site.version, facts)).encode()).hexdigest()
    return f'W/"{digest[:20]}"'


def _is_known(request: Request, tag: str) -> bool:
    sent = request.headers.get("if-none-match", "")
    return sent == "*" or tag in [one.strip() for one in sent.split(",")]


def _headers(tag: str) -> dict[str, str]:
    return {"etag": tag, "cache-control": PUBLIC}


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers=_headers(tag))
