"""Links that carry a token: whose they are, and what is said where they are nobody's.

The token is the whole authority: such a page needs no cookie, Origin or Referer, and a page of another site
cannot know it, so there is nothing to forge (CSRF). Only a link that is none of ours is ever limited.
"""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from digest.model import Newsletter, Subscription
from digest.render.catalogue import Wording
from digest.tokens import Purpose
from digest.web.errors import TooMany
from digest.web.offers import offers
from digest.web.site import Site, client


def ref_of(site: Site, purpose: Purpose, token: str, request: Request) -> bytes | None:
    """What a token names; None for any other text. Raises TooMany for one who keeps guessing."""
    ref = site.app.tokens.verify(purpose, token)
    if ref is None:
        rules = site.limits.guessing(client(request))
        if site.app.attempts.take(rules, site.clock()):
            raise TooMany(rules[0].window)
    return ref


def reader_of(site: Site, purpose: Purpose, token: str, request: Request) -> Subscription | None:
    """Whose token this is; None where it is nobody's, or theirs who have been forgotten since."""
    ref = ref_of(site, purpose, token, request)
    return known(site, site.app.readers.by_ref(ref)) if ref else None


def known(site: Site, reader: Subscription | None) -> Subscription | None:
    """A reader for whom there are pages: not forgotten, of a newsletter that is still configured."""
    return reader if reader and reader.address and reader.newsletter in site.newsletters else None


def newsletter_of(site: Site, reader: Subscription) -> Newsletter:
    return site.newsletters[reader.newsletter]


def link(site: Site, purpose: Purpose, reader: Subscription, page: str) -> str:
    """The path of a page that is this reader's alone."""
    return f"{site.base}/{page}/{site.app.tokens.sign(purpose, reader.ref)}"


def gone(site: Site, wording: Wording, *, confirming: bool = False) -> HTMLResponse:
    """The page behind a link that does not work (any more): what it may be, and how to get another.

    Who was `confirming` too late is unknown by now, so what they are offered is to subscribe.
    """
    return site.page("gone.html", wording, status=404, confirming=confirming, **offers(site))
