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
from digest.web.desk.signed_in import SignedIn
from digest.web.errors import TooMany
from digest.web.forms import Posted, first
from digest.web.limits import HOUR, MINUTE, network
from digest.web.site import client

router = APIRouter()  # the only pages of the desk that ask for no sign-in
inside = APIRouter()


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def ask(desk: Here, request: Request, next: str = "") -> HTMLResponse:  # noqa: A002 - its name in the address
    """The form, also before anybody can sign in: then it says how to let somebody."""
    return sign_in_page(desk, request, next, nobody=not desk.app.accounts.every())


@router.post("/sign-in")
def sign_in(desk: Here, request: Request, form: Posted) -> Response:
    """The same answer, after the same time, for a wrong password and for an address that nobody has."""
    if not same_origin(desk, request):
        raise HTTPException(403)
    typed, password = first(form, "address"), first(form, "password")
    key = account_key(typed)
    _count(desk, request, key)
    if not passwords.matches(desk.app.accounts.password(key), password):
        problem = "That address and password do not go together."
        return sign_in_page(desk, request, first(form, "next"), status=403, problem=problem, typed=typed)
    return enter(desk, key, safe_path(first(form, "next")))


@inside.post("/sign-out", dependencies=[Depends(own)])
def sign_out(desk: Here, request: Request) -> Response:
    desk.app.accounts.sign_out(request.cookies.get(cookie(desk), ""))
    answer = RedirectResponse(f"{desk.root}/sign-in", 303)
    answer.delete_cookie(cookie(desk), path="/", secure=desk.is_https, httponly=True, samesite="lax")
    return answer


@inside.api_route("/account", methods=["GET", "HEAD"])
def account(desk: Here, request: Request, me: Own) -> HTMLResponse:
    return _account_page(desk, request, me)


@inside.post("/account")
def change_password(desk: Here, request: Request, me: Own) -> Response:
    """A new password signs every browser out but this one."""
    address = me.account.address
    _count(desk, request, address)
    problem = ""
    if not passwords.matches(desk.app.accounts.password(address), first(me.form, "old")):
        problem = "The password you have now is another one."
    try:
        made = passwords.hashed(first(me.form, "new"))
    except UsageError as error:
        problem = problem or f"{error}."
    if problem:
        return _account_page(desk, request, me, status=422, problem=problem)
    desk.app.accounts.set_password(address, made)
    desk.app.audit.note(address, "set the password", address, desk.clock())
    return enter(desk, address, "/account?did=password")


def sign_in_page(
    desk: Desk,
    request: Request,
    wanted: str = "",
    *,
    status: int = 200,
    problem: str = "",
    typed: str = "",
    nobody: bool = False,
) -> HTMLResponse:
    """The page that lets people in, from where they go on to the page they `wanted`."""
    return desk.page(
        request,
        "sign-in.html",
        status=status,
        next=safe_path(wanted),
        problem=problem,
        typed=typed,
        nobody=nobody,
        provider=desk.provider,
    )


def enter(desk: Desk, address: str, path: str, how: str = "") -> Response:
    """This browser is an account's from now on; on to a page of the desk."""
    token, now = secrets.token_urlsafe(32), desk.clock()
    desk.app.accounts.sign_in(address, token, now)
    desk.app.audit.note(address, "signed in", how, now)
    answer = RedirectResponse(f"{desk.root}{path}", 303)
    set_cookie(desk, answer, token)
    return answer


def account_key(typed: str) -> str:
    """The account an address names; for what is no address, one that nobody has."""
    try:
        return accept(typed).key
    except UsageError:
        return "-"


def _account_page(
    desk: Desk, request: Request, me: SignedIn, *, status: int = 200, problem: str = ""
) -> HTMLResponse:
    return desk.page(
        request,
        "account.html",
        me,
        status=status,
        problem=problem,
        provider="" if desk.app.accounts.password(me.account.address) else desk.provider,
    )


def _count(desk: Desk, request: Request, key: str) -> None:
    """Raises TooMany. Ten tries for one address from one place: a stranger elsewhere locks nobody out."""
    place = network(client(request))
    rules = [
        Rule(f"sign-in:{place}:{key}", 10, 10 * MINUTE),
        Rule(f"sign-in:{place}", 30, 10 * MINUTE),
        Rule(f"sign-in:{key}", 100, HOUR),
    ]
    broken = desk.app.attempts.take(rules, desk.clock())
    if broken:
        raise TooMany(broken.window)
