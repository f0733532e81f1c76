"""Signing in by OpenID Connect: off to the provider, and back.

What is under way lives in the browser's cookie alone: when it was begun, signed by us, 256 random bits, and
the page that was wanted. All that ties an answer to its question is made from it, so that an answer counts in
the browser that asked, once, within ten minutes.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from digest.errors import ProviderError, Unproven
from digest.logs import event
from digest.openid import Ties
from digest.store.attempts import Rule
from digest.web.desk.entering import account_key, enter, sign_in_page
from digest.web.desk.frame import Desk, Here
from digest.web.desk.guard import safe_path
from digest.web.errors import TooMany
from digest.web.limits import DAY, MINUTE, network
from digest.web.site import client
from digest.web.stamps import age, stamp

OLDEST = timedelta(minutes=10)


def _switched_on(desk: Here) -> None:
    if not desk.provider:
        raise HTTPException(404)


router = APIRouter(dependencies=[Depends(_switched_on)])


class Begun(NamedTuple):
    """A sign-in under way: the cookie's text, and the page that was wanted."""

    text: str
    wanted: str

    @property
    def ties(self) -> Ties:
        return Ties.of(self.text)


# A link and not a form: a policy of form-action 'self' holds for where a form's answer leads, too.
@router.get("/sign-in/oidc")
async def leave(desk: Here, request: Request, next: str = "") -> Response:  # noqa: A002 - its name in the address
    """To the provider's own page."""
    await run_in_threadpool(_count, desk, request)
    begun = _begin(desk, safe_path(next))
    try:
        async with desk.app.openid() as provider:
            page = await provider.page(begun.ties, _back(desk, request))
    except ProviderError as error:
        return _away(desk, request, begun.wanted, error)
    answer = RedirectResponse(page, 303)
    seconds = int(OLDEST.total_seconds())
    answer.set_cookie(
        _cookie(desk), begun.text, seconds, path="/", secure=desk.is_https, httponly=True, samesite="lax"
    )
    return answer


@router.get("/sign-in/oidc/back")
async def come_back(desk: Here, request: Request, code: str = "", state: str = "") -> Response:
    """From the provider, with a code that it gives for somebody, or without."""
    begun = await run_in_threadpool(_taken, desk, request, state)
    if begun is None:
        problem = "That sign-in is over, or was begun in another browser. Begin again here."
        return sign_in_page(desk, request, status=403, problem=problem)
    if not code:
        problem = f"{desk.provider} did not sign you in."
        return sign_in_page(desk, request, begun.wanted, status=403, problem=problem)
    try:
        async with desk.app.openid() as provider:
            address = await provider.address(code, begun.ties, _back(desk, request), desk.clock())
    except ProviderError as error:
        return _away(desk, request, begun.wanted, error)
    except Unproven as error:
        return await run_in_threadpool(_refuse, desk, request, begun.wanted, str(error), _UNPROVEN)
    return await run_in_threadpool(_let_in, desk, request, begun.wanted, address)


_UNPROVEN = (
    "{provider} does not prove who you are, and which mail address is yours. Begin again; if it stays so, "
    "ask whoever runs this service: the log says why."
)
_UNKNOWN = "{provider} knows you, but this desk does not: ask whoever runs it to add your mail address."


def _let_in(desk: Desk, request: Request, wanted: str, address: str) -> Response:
    """Whoever has an account, as what it allows; the provider says who somebody is, and nothing else."""
    key, issuer = account_key(address), desk.app.settings.oidc.issuer
    if desk.app.accounts.password(key) is None:
        return _refuse(desk, request, wanted, f"{address[:254]} by {issuer} has no account", _UNKNOWN)
    return enter(desk, key, wanted, f"by {issuer}")


def _refuse(desk: Desk, request: Request, wanted: str, why: str, told: str) -> Response:
    desk.app.audit.note("sign-in", "refused", why, desk.clock())
    problem = told.format(provider=desk.provider)
    return sign_in_page(desk, request, wanted, status=403, problem=problem)


def _away(desk: Desk, request: Request, wanted: str, error: ProviderError) -> Response:
    event("openid.failed", wrong=True, reason=str(error))
    problem = (
        f"{desk.provider} cannot be asked just now. Try again in a minute, or sign in with a password; "
        "whoever runs this service learns more by digest doctor."
    )
    return sign_in_page(desk, request, wanted, status=503, problem=problem)


def _begin(desk: Desk, wanted: str) -> Begun:
    given = stamp(desk.app.tokens, desk.clock())
    return Begun(f"{given}.{secrets.token_urlsafe(32)}.{quote(wanted, safe='')}", wanted)


def _taken(desk: Desk, request: Request, state: str) -> Begun | None:
    """What this browser has begun and this answers; None for any other, and the second time."""
    text = request.cookies.get(_cookie(desk), "")
    given, _, rest = text.partition(".")
    begun = Begun(text, safe_path(unquote(rest.partition(".")[2])))
    old = age(desk.app.tokens, given, desk.clock())
    if old is None or old > OLDEST or not hmac.compare_digest(state.encode(), begun.ties.state.encode()):
        return None
    once = Rule(f"oidc:{state}", 1, DAY)
    return None if desk.app.attempts.take([once], desk.clock()) else begun


def _count(desk: Desk, request: Request) -> None:
    """Raises TooMany. Each asks the provider, so a place has no more of them than of tries at passwords."""
    tries = Rule(f"sign-in:{network(client(request))}", 30, 10 * MINUTE)
    if desk.app.attempts.take([tries], desk.clock()):
        raise TooMany(tries.window)


def _back(desk: Desk, request: Request) -> str:
    """Where the provider sends people back to: this desk as the browser knows it, by the cookie's own host.

    A forged Host leads nobody astray: a provider sends people to registered addresses alone.
    """
    scheme = "https" if desk.is_https else "http"
    return f"{scheme}://{request.headers['host']}{desk.root}/sign-in/oidc/back"


def _cookie(desk: Desk) -> str:
    return "__Host-desk-oidc" if desk.is_https else "desk-oidc"
