"""Nobody passes who is not signed in; no form counts that another site could have sent.

A browser is known by 256 random bits in a cookie. A form is taken only with the key that our own page gave
to this very browser, from our own Origin (RFC 6454), and by an account with the duty that the page asks for.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from digest.model import Duty
from digest.web.desk.frame import Desk, Here
from digest.web.desk.signed_in import SignedIn
from digest.web.forms import FIELDS, Form, first

SAFE_METHODS = {"GET", "HEAD"}
LONGEST_FIELD = 64 * 1024  # bytes
_OURS = re.compile(r"(?:/[\w.@:+-]+)*/?(?:\?[\w=&.,@:+%-]*)?", re.ASCII)


class SignInFirst(HTTPException):
    """A page for those who are signed in, asked for by somebody who is not."""

    def __init__(self, desk: Desk, request: Request) -> None:
        wanted = request.url.path.removeprefix(request.scope.get("root_path", ""))
        asked = f"?next={quote(wanted)}" if request.method == "GET" and wanted.strip("/") else ""
        super().__init__(303, headers={"location": f"{desk.root}/sign-in{asked}"})


class Guard:
    """The only way to a page. `duty` is what sending its forms in asks for; reading asks for none."""

    def __init__(self, duty: Duty) -> None:
        self._duty = duty

    async def __call__(self, desk: Here, request: Request) -> SignedIn:
        token = request.cookies.get(cookie(desk), "")
        account = await run_in_threadpool(desk.app.accounts.signed_in, token, desk.clock()) if token else None
        if account is None:
            raise SignInFirst(desk, request)
        me = SignedIn(account, form_key(token), {})
        if request.method in SAFE_METHODS:
            return me
        if not same_origin(desk, request):
            raise HTTPException(403)
        form, file = await _read(request)
        if not hmac.compare_digest(first(form, "key").encode(), me.key.encode()):
            raise HTTPException(403)
        if not account.duty.covers(self._duty):
            raise HTTPException(403)
        return me._replace(form=form, file=file)


own = Guard(Duty.VIEWER)  # what concerns only oneself
editing = Guard(Duty.EDITOR)
operating = Guard(Duty.OPERATOR)

Own = Annotated[SignedIn, Depends(own)]
Editing = Annotated[SignedIn, Depends(editing)]
Operating = Annotated[SignedIn, Depends(operating)]


def cookie(desk: Desk) -> str:
    """The cookie's name; the prefix makes browsers keep it to this host and to https."""
    return "__Host-desk" if desk.is_https else "desk"


def set_cookie(desk: Desk, answer: Response, token: str) -> None:
    answer.set_cookie(cookie(desk), token, path="/", secure=desk.is_https, httponly=True, samesite="lax")


def form_key(token: str) -> str:
    """What the forms of a browser carry: made from its cookie, from which it cannot be told back."""
    return hashlib.sha256(b"form " + token.encode()).hexdigest()[:32]


def same_origin(desk: Desk, request: Request) -> bool:
    """Whether a form comes from a page of ours. One without Origin does not count: every browser sends it."""
    host = urlsplit(request.headers.get("origin", "")).netloc
    return bool(host) and host in {request.headers.get("host", ""), urlsplit(desk.look.url).netloc}


def safe_path(wanted: str) -> str:
    """A path below the desk to go on to; the front page for anything that might lead elsewhere."""
    return wanted if _OURS.fullmatch(wanted) and "//" not in wanted else "/"


async def _read(request: Request) -> tuple[Form, bytes | None]:
    sent = await request.form(max_files=1, max_fields=FIELDS, max_part_size=LONGEST_FIELD)
    form: dict[str, list[str]] = {}
    file = None
    for name, value in sent.multi_items():
        if isinstance(value, str):
            form.setdefault(name, []).append(value)
        else:
            file = await value.read()
    return form, file
