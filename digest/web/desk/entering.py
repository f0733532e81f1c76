"""Signing in and out, and one's own password."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from digest import passwords
from digest.addresses import accept
from digest.errors import UsageError
from digest.store.attempts import Rule
from digest.web.desk.frame import Desk, Here
from digest.web.desk.guard import Own, cookie, own, safe_path, same_origin, set_cookie
from digest.web.errors import TooMany
from digest.web.forms import Posted, first
from digest.web.limits import HOUR, MINUTE, network
from digest.web.site import client

router = APIRouter()  # the only pages of the desk that ask for no sign-in
inside = APIRouter()


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def ask(desk: Here, request: Request, next: str = "") -> HTMLResponse:  # noqa: A002  # its name in the address
    """The form, also before anybody can sign in: then it says how to let somebody."""
    nobody = not desk.app.accounts.every()
    return desk.page(request, "sign-in.html", next=safe_path(next), wrong=False, typed="", nobody=nobody)


@router.post("/sign-in")
def sign_in(desk: Here, request: Request, form: Posted) -> Response:
    """The same answer, after the same time, for a wrong password and for an address that nobody has."""
    if not same_origin(desk, request):
        raise HTTPException(403)
    typed, password = first(form, "address"), first(form, "password")
    key = _key(typed)
    _count(desk, request, key)
    if not passwords.matches(desk.app.accounts.password(key), password):
        return desk.page(
            request,
            "sign-in.html",
            status=403,
            next=safe_path(first(form, "next")),
            wrong=True,
            typed=typed,
            nobody=False,
        )
    return _enter(desk, key, f"{desk.root}{safe_path(first(form, 'next'))}")


@inside.post("/sign-out", dependencies=[Depends(own)])
def sign_out(desk: Here, request: Request) -> Response:
    desk.app.accounts.sign_out(request.cookies.get(cookie(desk), ""))
    answer = RedirectResponse(f"{desk.root}/sign-in", 303)
    answer.delete_cookie(cookie(desk), path="/", secure=desk.is_https, httponly=True, samesite="lax")
    return answer


@inside.api_route("/account", methods=["GET", "HEAD"])
def account(desk: Here, request: Request, visit: Own) -> HTMLResponse:
    return desk.page(request, "account.html", visit.account, visit.key, problem="")


@inside.post("/account")
def change_password(desk: Here, request: Request, visit: Own) -> Response:
    """A new password signs every browser out but this one."""
    address = visit.account.address
    _count(desk, request, address)
    problem = ""
    if not passwords.matches(desk.app.accounts.password(address), first(visit.form, "old")):
        problem = "The password you have now is another one."
    try:
        made = passwords.hashed(first(visit.form, "new"))
    except UsageError as error:
        problem = problem or f"{error}."
    if problem:
        return desk.page(request, "account.html", visit.account, visit.key, status=422, problem=problem)
    desk.app.accounts.set_password(address, made)
    desk.app.audit.note(address, "set the password", address, desk.clock())
    return _enter(desk, address, f"{desk.root}/account?did=password")


def _enter(desk: Desk, address: str, path: str) -> Response:
    token, now = secrets.token_urlsafe(32), desk.clock()
    desk.app.accounts.sign_in(address, token, now)
    desk.app.audit.note(address, "signed in", "", now)
    answer = RedirectResponse(path, 303)
    set_cookie(desk, answer, token)
    return answer


def _key(typed: str) -> str:
    """The account an address names; for what is no address, one that nobody has."""
    try:
        return accept(typed).key
    except UsageError:
        return "-"


def _count(desk: Desk, request: Request, key: str) -> None:
    """Raises TooMany. Ten tries for one address from one place: a stranger elsewhere locks nobody out."""
    place = network(client(request))
    rules = [
        Rule(f"sign-in:{place}:{key}", 10, 10 * MINUTE),
        Rule(f"sign-in:{place}", 30, 10 * MINUTE),
        Rule(f"sign-in:{key}", 100, HOUR),
    ]
    broken = desk.attempts.take(rules, desk.clock())
    if broken:
        raise TooMany(broken.window)
