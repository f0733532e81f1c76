"""What every page of the desk needs: the service, the clock, the look, and the way to a finished page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from digest import wiring
from digest.model import Duty, Newsletter
from digest.render.catalogue import Wording
from digest.render.frame import frame_values
from digest.render.jinja import render_templates
from digest.resources import resource
from digest.web.desk.signed_in import SignedIn
from digest.web.desk.words import SAID
from digest.web.site import PRIVATE

if TYPE_CHECKING:
    from digest.wiring import App

ENGLISH = "en"  # the desk has one language


class Desk:
    """The desk over a wired app. One a process, used from any thread."""

    def __init__(self, app: App, clock: Callable[[], datetime]) -> None:
        self.app = app
        self.clock = clock
        self.look = wiring.look(app.settings)
        self.imports: dict[str, Any] = {}  # by a random name: see importing.py
        self.looked: tuple[datetime, Any] | None = None  # the front page's last look, see front.py
        self.closing = False  # the server is to end: streams must, too

    @property
    def is_https(self) -> bool:
        return self.look.url.startswith("https:")

    @property
    def provider(self) -> str:
        """What people call the OpenID provider by which they may sign in; "" where there is none."""
        return self.app.settings.oidc.name if self.app.settings.oidc.issuer else ""

    @cached_property
    def root(self) -> str:
        """The path of the desk, as browsers see it."""
        return urlsplit(self.look.url).path.rstrip("/") + "/desk"

    @cached_property
    def _frame(self) -> Mapping[str, Any]:
        return frame_values(self.look, self._wording)

    @cached_property
    def _wording(self) -> Wording:
        return Wording(ENGLISH, self.look.labels)

    @cached_property
    def style(self) -> str:
        return self.html("style.css")

    @cached_property
    def script(self) -> str:
        return resource("templates/desk/desk.js").read_text(encoding="utf-8")

    @cached_property
    def version(self) -> str:
        """Changes with the files beside the pages, and is part of their addresses."""
        return hashlib.sha256((self.style + self.script).encode()).hexdigest()[:12]

    def newsletter(self, slug: str) -> Newsletter:
        """The newsletter of an address. Raises HTTPException 404."""
        for newsletter in self.app.newsletters:
            if newsletter.slug == slug:
                return newsletter
        raise HTTPException(404)

    def html(self, template: str, **values: Any) -> str:
        """A template as text."""
        names, common = (f"desk/{template}",), {**self._frame, "root": self.root}
        return render_templates(self.look.templates, names, common | values, self._wording)[0]

    def page(
        self,
        request: Request,
        template: str,
        me: SignedIn | None = None,
        *,
        status: int = 200,
        **values: Any,
    ) -> HTMLResponse:
        """An answer that nobody keeps; to `me` with what their duty lets them do."""
        account = me.account if me else None
        common = {
            "version": self.version,
            "path": request.url.path,
            "me": account,
            "key": me.key if me else "",
            "may_change": bool(account and account.duty.covers(Duty.EDITOR)),
            "is_operator": bool(account and account.duty is Duty.OPERATOR),
            "said": SAID.get(request.query_params.get("did", ""), ""),
            "newsletters": self.app.newsletters,
        }
        return HTMLResponse(self.html(template, **common | values), status, headers=PRIVATE)

    def back(self, path: str, did: str = "") -> RedirectResponse:
        """To a page of the desk after a form was taken in, which then says what was done."""
        mark = "&" if "?" in path else "?"
        return RedirectResponse(f"{self.root}{path}{f'{mark}did={did}' if did else ''}", 303)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


Here = Annotated[Desk, Depends(_desk)]


def local(at: datetime | None, zone: str, form: str = "%a %d %b, %H:%M") -> str:
    """An instant on a zone's clocks; "" for none."""
    return at.astimezone(ZoneInfo(zone)).strftime(form) if at else ""
