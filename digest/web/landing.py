"""The front page, the form to subscribe, and that form for a newspaper's own site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from digest.addresses import accept
from digest.errors import UsageError
from digest.model import Mornings, Newsletter
from digest.render.layout import Block
from digest.schedule.due import zone_names
from digest.store.archive import Archived
from digest.store.asked import Asked
from digest.web.archive import edition_blocks
from digest.web.errors import TooMany
from digest.web.forms import Form, Posted, first
from digest.web.offers import offers
from digest.web.site import Here, Site, client
from digest.web.stamps import age
from digest.web.work import solved

SHOWN = 4  # stories of the last edition on the front page
TRAP = "website"  # a field that people do not see

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def landing(site: Here) -> HTMLResponse:
    """What this is, the form, and the last edition."""
    past, blocks = _last(site)
    newsletter = site.newsletters[past.newsletter] if past else None
    wording = site.wording(newsletter)
    told = [block for block in blocks if block.headline][:SHOWN]
    facts: dict[str, Any] = {"past": past, "day": wording.day(past.date) if past else "", "blocks": told}
    return site.page("landing.html", wording, **facts, **offers(site))


@router.api_route("/subscribe", methods=["GET", "HEAD"])
def form_alone(site: Here, newsletter: str = "") -> HTMLResponse:
    return site.page("subscribe.html", site.wording(), **offers(site, newsletter=newsletter))


@router.post("/subscribe")
def subscribe(site: Here, request: Request, form: Posted) -> HTMLResponse:
    """The same page for every address, whatever is known of it."""
    newsletter = _chosen(site, first(form, "newsletter"))
    wording = site.wording(newsletter)
    zone = _zone(newsletter, first(form, "zone"))
    sent = keep(site, request, form, "subscribe", newsletter.slug, zone)
    if sent == "sent":
        return site.page("sent.html", wording, newsletter=newsletter.title)
    values = offers(site, newsletter.slug, first(form, "email"), sent, zone)
    return site.page("subscribe.html", wording, status=422 if sent == "wrong" else 200, **values)


@router.api_route("/preferences", methods=["GET", "HEAD"])
def ask_for_link(site: Here) -> HTMLResponse:
    """For readers without a mail at hand: their link comes by mail."""
    return site.page("link.html", site.wording(), typed="", problem="", **site.seal())


@router.post("/preferences")
def mail_link(site: Here, request: Request, form: Posted) -> HTMLResponse:
    sent = keep(site, request, form, "preferences", "")
    if sent == "sent":
        return site.page("sent.html", site.wording(), newsletter="")
    values = {"typed": first(form, "email"), "problem": sent, **site.seal()}
    return site.page("link.html", site.wording(), status=422 if sent == "wrong" else 200, **values)


@router.api_route("/embed", methods=["GET", "HEAD"])
def embed(site: Here) -> HTMLResponse:
    """The form as plain HTML, to copy. It has no stamp, so who uses it presses one more button with us."""
    return site.page("embed.html", site.wording(), offers=offers(site)["offers"])


def keep(site: Site, request: Request, form: Form, kind: str, newsletter: str, zone: str = "") -> str:
    """Keep what was asked for. "sent", or why the form is shown again: "wrong" address, or "again".

    What a robot sends gets the page of success and no more. Raises TooMany.
    """
    try:
        address = accept(first(form, "email"))
    except UsageError:
        return "wrong"
    stamp, now = first(form, "stamp"), site.clock()
    old = age(site.app.tokens, stamp, now)
    if old is None or old > site.limits.oldest_form:
        return "again"
    if first(form, TRAP) or old < site.limits.youngest_form:
        return "sent"
    if site.app.settings.web.proof_of_work and not solved(site.app.tokens, first(form, "work"), stamp):
        return "again"
    asked = Asked(kind, address, newsletter, f"form {client(request)}", now, zone=zone)
    rules = site.limits.asking(client(request), stamp)
    broken = site.app.asked.put(asked, rules)
    if broken == rules[0]:
        raise TooMany(broken.window)
    return "sent"


def _chosen(site: Site, slug: str) -> Newsletter:
    newsletters = site.newsletters
    newsletter = newsletters.get(slug) if slug else next(iter(newsletters.values()), None)
    if newsletter is None:
        raise HTTPException(404)
    return newsletter


def _zone(newsletter: Newsletter, chosen: str) -> str:
    """The zone for a reader's own mornings; "" for the newsletter's, also where it is none."""
    own = newsletter.mornings is Mornings.READER and chosen in zone_names()
    return chosen if own else ""


def _last(site: Site) -> tuple[Archived | None, Sequence[Block]]:
    """The newest edition of the first newsletter that has one."""
    for newsletter in site.newsletters.values():
        for past in site.app.archive.newest(newsletter, 1):
            return past, edition_blocks(site, past)
    return None, ()
