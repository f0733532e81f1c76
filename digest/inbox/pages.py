"""The catcher's pages: the mails that came, as HTML, text, headers and source. No scripts, no cookies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from digest.inbox.mail import Mail, open_mail
from digest.inbox.mailbox import Mailbox, Received
from digest.resources import resource
from digest.safe_headers import SafeHeaders

PER_PAGE = 50
SOURCE_SHOWN = 60_000  # characters; the whole is one click away, and a page of megabytes helps nobody

_SAFE = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
}
# A mail is foreign HTML. In the sandbox it has no origin: it runs nothing, sends nothing and reads nothing
# of ours. Its pictures are fetched from anywhere, because seeing them is the point of a catcher.
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_FRAME_POLICY = (
    f"sandbox {_SANDBOX}; default-src 'none'; img-src 'self' http: https: data:; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)


def pages(mailbox: Mailbox, smtp_url: str) -> Starlette:
    """The application. `smtp_url` is told to the reader as the place to send mails to."""
    folder = resource("templates/web/inbox")
    site = _Pages(mailbox, smtp_url, _templates(str(folder)))
    app = Starlette(
        routes=[
            Route("/", site.newest),
            Route("/before/{id:int}", site.older),
            Route("/mail/{id:int}.eml", site.download),
            Route("/mail/{id:int}", site.mail),
            Route("/mail/{id:int}/frame", site.frame),
            Route("/mail/{id:int}/text", site.text),
            Route("/mail/{id:int}/headers", site.headers),
            Route("/mail/{id:int}/source", site.source),
            Route("/style.css", lambda _: FileResponse(folder / "style.css")),
            Route("/icon.svg", lambda _: FileResponse(folder / "icon.svg")),
            Mount("/sample/pictures", StaticFiles(directory=resource("config/sample/pictures"))),
        ],
        exception_handlers={404: site.missing},
    )
    app.add_middleware(SafeHeaders, headers=_SAFE)
    return app


class _Pages:
    def __init__(self, mailbox: Mailbox, smtp_url: str, templates: Jinja2Templates) -> None:
        self._mailbox = mailbox
        self._smtp_url = smtp_url
        self._templates = templates

    async def newest(self, request: Request) -> Response:
        return self._list(request, self._mailbox)

    async def older(self, request: Request) -> Response:
        before = request.path_params["id"]
        return self._list(request, (received for received in self._mailbox if received.id < before))

    async def mail(self, request: Request) -> Response:
        """The mail as a mail program would show it: its HTML, else its text."""
        received, mail = self._open(request)
        return self._show(request, received, mail, "html" if mail.html else "text")

    async def text(self, request: Request) -> Response:
        return self._show(request, *self._open(request), "text")

    async def headers(self, request: Request) -> Response:
        return self._show(request, *self._open(request), "headers")

    async def source(self, request: Request) -> Response:
        return self._show(request, *self._open(request), "source")

    async def frame(self, request: Request) -> Response:
        _, mail = self._open(request)
        if not mail.html:
            raise HTTPException(404)
        return HTMLResponse(_in_new_windows(mail.html), headers={"content-security-policy": _FRAME_POLICY})

    async def download(self, request: Request) -> Response:
        received, _ = self._open(request)
        name = f'attachment; filename="mail-{received.id}.eml"'
        return Response(received.raw, media_type="message/rfc822", headers={"content-disposition": name})

    async def missing(self, request: Request, _error: Exception) -> Response:
        return self._templates.TemplateResponse(request, "missing.html", status_code=404)

    def _list(self, request: Request, mails: Iterable[Received]) -> Response:
        shown = [(received, open_mail(received.raw)) for received in islice(mails, PER_PAGE)]
        last = shown[-1][0].id if shown else 0
        more = any(received.id < last for received in self._mailbox)
        facts = {
            "mails": shown,
            "box": self._mailbox,
            "smtp_url": self._smtp_url,
            "older": last if more else 0,
        }
        return self._templates.TemplateResponse(request, "list.html", facts)

    def _show(self, request: Request, received: Received, mail: Mail, view: str) -> Response:
        facts = {"received": received, "mail": mail, "view": view, "sandbox": _SANDBOX, "limit": SOURCE_SHOWN}
        return self._templates.TemplateResponse(request, "mail.html", facts)

    def _open(self, request: Request) -> tuple[Received, Mail]:
        received = self._mailbox.get(request.path_params["id"])
        if received is None:
            raise HTTPException(404)
        return received, open_mail(received.raw)


def _templates(folder: str) -> Jinja2Templates:
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["kilobytes"] = lambda size: f"{size / 1024:.1f} KB"
    # The reader sits at this machine, so its own zone is theirs.
    env.filters["local"] = lambda at, form: at.astimezone().strftime(form)
    return Jinja2Templates(env=env)


def _in_new_windows(html: str) -> str:
    """A link followed inside the frame would be refused by the page's policy: let it open beside."""
    base = '<base target="_blank">'
    if _HEAD.search(html):
        return _HEAD.sub(lambda head: head[0] + base, html, count=1)
    return base + html
