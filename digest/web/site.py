"""What every page needs: the stores, the look, the clock, and the way to a finished page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from digest import wiring
from digest.model import Look, Newsletter, Subscription
from digest.render.catalogue import Wording
from digest.render.frame import frame_values
from digest.render.jinja import render_templates
from digest.resources import resource
from digest.web.clicks import Tally
from digest.web.headers import SCRIPTED
from digest.web.limits import Limits
from digest.web.stamps import stamp
from digest.web.work import challenge

if TYPE_CHECKING:
    from digest.wiring import App

PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}


def utc_now() -> datetime:
    return datetime.now(UTC)


class Site:
    """The reader pages over a wired app. One a process, used from any thread."""

    def __init__(self, app: App, clock: Callable[[], datetime], limits: Limits) -> None:
        self.app = app
        self.clock = clock
        self.limits = limits
        self.look = wiring.look(app.settings)
        self.certificates: dict[str, bytes] = {}  # of mail providers, by address
        self.tally = Tally()

    @property
    def newsletters(self) -> Mapping[str, Newsletter]:
        return {newsletter.slug: newsletter for newsletter in self.app.newsletters}

    def newsletter(self, slug: str) -> Newsletter:
        """The newsletter of an address. Raises HTTPException 404."""
        if slug not in self.newsletters:
            raise HTTPException(404)
        return self.newsletters[slug]

    @cached_property
    def base(self) -> str:
        """The path at which the public address has these pages, "" where they have a host to themselves."""
        return urlsplit(self.look.url).path.rstrip("/")

    @cached_property
    def style(self) -> str:
        """The stylesheet, in the operator's colours."""
        return self._file("web/style.css")

    @cached_property
    def icon(self) -> str:
        return self._file("web/icon.svg")

    @cached_property
    def script(self) -> str:
        """What does the sum that a form may ask for."""
        return resource("templates/web/work.js").read_text(encoding="utf-8")

    @cached_property
    def version(self) -> str:
        """Changes with the stylesheet and the script: part of their addresses and of every ETag."""
        return hashlib.sha256((self.style + self.script).encode()).hexdigest()[:12]

    def _file(self, template: str) -> str:
        wording = Wording("en", self.look.labels)
        return render_templates(self.look.templates, (template,), _frame(self.look, wording), wording)[0]

    def wording(
        self, newsletter: Newsletter | None = None, subscription: Subscription | None = None
    ) -> Wording:
        """The language of a page: the reader's own, else the newsletter's, else the first newsletter's."""
        if newsletter is None and self.app.newsletters:
            newsletter = self.app.newsletters[0]
        own = subscription.language if subscription else ""
        return Wording(own or (newsletter.language if newsletter else "en"), self.look.labels)

    def is_ours(self, url: str) -> bool:
        """Whether an address is on our own host: pages load nothing from any other."""
        return urlsplit(url)[:2] == urlsplit(self.look.url)[:2]

    def stamp(self) -> str:
        """A stamp for a form that is given out now."""
        return stamp(self.app.tokens, self.clock())

    def seal(self) -> dict[str, Any]:
        """What a form given out now carries unseen: its stamp, and the challenge where work is asked for."""
        given, work = self.stamp(), self.app.settings.web.proof_of_work
        return {"stamp": given, "challenge": challenge(self.app.tokens, given) if work else ""}

    def html(self, template: str, wording: Wording, **values: Any) -> str:
        """A page as text."""
        common = {
            **_frame(self.look, wording),
            "base": self.base,
            "version": self.version,
            "logo": self.look.logo if self.is_ours(self.look.logo) else "",
            "robots": "",
            "counting": self.app.settings.tracking.clicks,
        }
        return render_templates(self.look.templates, (f"web/{template}",), common | values, wording)[0]

    def page(self, template: str, wording: Wording, *, status: int = 200, **values: Any) -> HTMLResponse:
        """An answer that nobody keeps: it is made for one person, or holds a form for one use."""
        html = self.html(template, wording, robots="noindex", **values)
        return HTMLResponse(html, status, headers=PRIVATE | (SCRIPTED if values.get("challenge") else {}))


@lru_cache
def _frame(look: Look, wording: Wording) -> Mapping[str, Any]:
    """Working out readable colours takes longer than rendering a page."""
    return frame_values(look, wording)


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(_site)]


def client(request: Request) -> str:
    """The address on the net a request came from, as far as the trusted proxies tell."""
    return request.client.host if request.client else ""
