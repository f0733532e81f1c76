"""Signing in by OpenID Connect: whom the provider vouches for comes in, and no trick lets others in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from httpx2 import AsyncClient, Response
from pytest_asyncio import fixture

from digest.model import Duty
from digest.store.attempts import Attempts, Rule
from digest.web.desk.app import OPEN
from tests.web.desk.office import Office, key_on
from tests.web.desk.provider import CLIENT, SECRET, Provider, providing
from tests.web.site import copy_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADA = "ada@example.com"
GO = "/desk/sign-in/oidc"
SESSION = "__Host-desk"


@fixture(scope="module", loop_scope="module")
async def one_provider() -> AsyncIterator[Provider]:
    async with providing() as made:
        yield made


@pytest.fixture
def provider(one_provider: Provider) -> Provider:
    one_provider.be_honest()
    return one_provider


def desk_of(provider: Provider, folder: Path, **more: Any) -> Office:
    named = {"issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET, "name": "Quay Login"}
    made = Office(folder, tables={"oidc": {**named, "allow_private": True, **more}})
    made.app.accounts.add(ADA, "", Duty.EDITOR, made.clock())
    return made


@fixture(loop_scope="module")
async def desk(provider: Provider, prepared: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """A desk at which Ada has an account, and no password."""
    made = desk_of(provider, copy_of(prepared, tmp_path))
    yield made
    made.close()


async def vouched(begun: Response) -> str:
    """At the provider, whose page leads back to this address."""
    assert begun.status_code == 303, begun.text
    async with AsyncClient(verify=False) as net:
        there = await net.get(begun.headers["location"])
    assert there.status_code == 302, there.text
    return there.headers["location"]


@asynccontextmanager
async def come_back(desk: Office, go: str = GO) -> AsyncIterator[tuple[AsyncClient, str, Response]]:
    """A browser that went to the provider and back: where the provider sent it, and what the desk said."""
    async with desk.seat(None) as browser:
        back = await vouched(await browser.get(go))
        yield browser, back, await browser.get(back)


async def tried(desk: Office, go: str = GO) -> Response:
    async with come_back(desk, go) as (browser, _, answer):
        assert (SESSION in browser.cookies) == (answer.status_code == 303)
        return answer


def newest(desk: Office) -> tuple[str, str, str]:
    [(_, line)] = desk.app.audit.newest(1)
    return line.who, line.did, line.detail


async def test_whoever_has_an_account_comes_in_and_to_the_page_they_asked_for(
    desk: Office, provider: Provider
) -> None:
    page = await desk.look("/sign-in?next=/account", None)
    assert f'href="{GO}?next=/account">Sign in with Quay Login</a>' in page.text
    async with come_back(desk, f"{GO}?next=/account") as (browser, _, answer):
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account")
        page = await browser.get("/desk/account")
        assert "You are an editor" in page.text
        assert "You sign in with Quay Login" in page.text
        assert newest(desk) == (ADA, "signed in", f"by {provider.issuer}")
        ended = await browser.post("/desk/sign-out", data={"key": key_on(page)})
        assert ended.status_code == 303
        assert (await browser.get("/desk/account")).headers["location"].startswith("/desk/sign-in")


async def test_both_cookies_are_for_this_host_over_https_and_no_script(desk: Office) -> None:
    async with desk.seat(None) as browser:
        begun = await browser.get(GO)
        come = await browser.get(await vouched(begun))
    for answer, name in ((begun, "__Host-desk-oidc"), (come, SESSION)):
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{name}=")
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Max-Age=600" in begun.headers["set-cookie"]


async def test_the_address_tells_nothing_of_what_proves_the_browser(desk: Office) -> None:
    async with desk.seat(None) as browser:
        begun = await browser.get(GO)
        secret = browser.cookies["__Host-desk-oidc"].split(".")[1]
    assert secret not in begun.headers["location"]
    assert SECRET not in begun.headers["location"]
    assert "code_verifier" not in begun.headers["location"]


@pytest.mark.parametrize("ways", [["client_secret_basic"], ["client_secret_post"]])
async def test_we_prove_who_we_are_as_the_provider_likes_it(
    desk: Office, provider: Provider, ways: list[str]
) -> None:
    provider.methods = ways
    assert (await tried(desk)).status_code == 303


async def test_without_a_secret_the_verifier_alone_proves_us(
    provider: Provider, prepared: Path, tmp_path: Path
) -> None:
    provider.methods = ["none"]
    desk = desk_of(provider, copy_of(prepared, tmp_path), client_secret="")
    assert (await tried(desk)).status_code == 303
    desk.close()


@pytest.mark.parametrize("state", ["", "another", "é", None])
async def test_an_answer_to_another_question_does_not_count(
    desk: Office, provider: Provider, state: str | None
) -> None:
    async with desk.seat(None) as browser:
        back = await vouched(await browser.get(GO))
        code = {"code": back.partition("code=")[2].partition("&")[0]}
        answer = await browser.get(f"{GO}/back", params=code if state is None else {**code, "state": state})
        assert answer.status_code == 403
        assert "Begin again here" in answer.text
        assert SESSION not in browser.cookies
    assert provider.exchanges == 0


async def test_nobody_is_signed_in_by_a_link_that_another_began(desk: Office, provider: Provider) -> None:
    async with desk.seat(None) as attacker, desk.seat(None) as victim:
        back = await vouched(await attacker.get(GO))
        for begun in (False, True):
            if begun:
                await victim.get(GO)
            assert (await victim.get(back)).status_code == 403
            assert SESSION not in victim.cookies
    assert provider.exchanges == 0


async def test_an_answer_works_once(desk: Office, provider: Provider) -> None:
    async with come_back(desk) as (browser, back, first):
        assert first.status_code == 303
        assert (await browser.get(back)).status_code == 403
    assert provider.exchanges == 1


async def test_a_code_of_another_sign_in_is_refused(desk: Office) -> None:
    async with desk.seat(None) as victim, desk.seat(None) as thief:
        stolen = await vouched(await victim.get(GO))
        own = await vouched(await thief.get(GO))
        code = stolen.partition("code=")[2].partition("&")[0]
        state = own.partition("state=")[2]
        answer = await thief.get(f"{GO}/back", params={"code": code, "state": state})
        assert answer.status_code == 403
        assert SESSION not in thief.cookies
    assert newest(desk)[1:] == ("refused", "the code was used already, or belongs to another sign-in")


async def test_after_ten_minutes_one_begins_again(desk: Office) -> None:
    async with desk.seat(None) as browser:
        back = await vouched(await browser.get(GO))
        desk.clock.turn(minutes=11)
        assert (await browser.get(back)).status_code == 403


@pytest.mark.parametrize(
    ("claim", "value"), [("email_verified", False), ("nonce", "of another sign-in"), ("exp", 1)]
)
async def test_what_does_not_prove_who_somebody_is_lets_nobody_in(
    desk: Office, provider: Provider, claim: str, value: object
) -> None:
    provider.claims[claim] = value
    answer = await tried(desk)
    assert answer.status_code == 403
    assert "Quay Login does not prove who you are" in answer.text
    assert newest(desk)[:2] == ("sign-in", "refused")


@pytest.mark.parametrize("address", ["eve@example.com", "no address", "ada@example.com.evil.example"])
async def test_the_provider_makes_no_accounts(desk: Office, provider: Provider, address: str) -> None:
    provider.claims["email"] = address
    answer = await tried(desk)
    assert answer.status_code == 403
    assert "Quay Login knows you, but this desk does not" in answer.text
    assert newest(desk) == ("sign-in", "refused", f"{address} by {provider.issuer} has no account")


async def test_whoever_was_taken_off_the_desk_stays_out(desk: Office) -> None:
    async with come_back(desk) as (browser, _, _answer):
        desk.app.accounts.remove(ADA)
        assert (await browser.get("/desk/account")).status_code == 303
    assert (await tried(desk)).status_code == 403


async def test_the_role_is_ours(desk: Office, provider: Provider) -> None:
    provider.claims |= {"role": "operator", "roles": ["operator"], "email": ADA.upper()}
    async with come_back(desk) as (browser, _, _answer):
        assert "You are an editor" in (await browser.get("/desk/account")).text


@pytest.mark.parametrize(
    "broken", ["/.well-known/openid-configuration", "/token", "/keys"], ids=["discovery", "token", "keys"]
)
async def test_a_provider_that_is_away_leaves_the_password(
    desk: Office, provider: Provider, broken: str
) -> None:
    async with desk.seat(None) as browser:
        back = await vouched(await browser.get(GO))
        provider.broken = {broken}
        answer = await browser.get(back)
        assert SESSION not in browser.cookies
    assert answer.status_code == 503
    assert "Try again in a minute, or sign in with a password" in answer.text
    assert 'name="password"' in answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    "says",
    [
        {"issuer": "https://login.example.net"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
async def test_a_provider_that_is_none_is_not_gone_to(
    desk: Office, provider: Provider, says: dict[str, Any]
) -> None:
    provider.says = says
    assert (await desk.look("/sign-in/oidc", None)).status_code == 503


@pytest.mark.parametrize("page", ["/page", "/moved", "/list"])
async def test_nonsense_for_a_code_is_told_as_a_provider_that_is_away(
    desk: Office, provider: Provider, page: str
) -> None:
    provider.says = {"token_endpoint": f"{provider.issuer}{page}"}
    assert (await tried(desk)).status_code == 503


async def test_a_provider_that_does_not_know_us_is_the_operators_business(
    provider: Provider, prepared: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = desk_of(provider, copy_of(prepared, tmp_path), client_secret="an old one")
    assert (await tried(desk)).status_code == 503
    desk.close()
    [said] = [record for record in caplog.records if record.message == "openid.failed"]
    assert "see client_id and secret in [oidc]" in said.__dict__["facts"]["reason"]


async def test_a_private_provider_is_asked_on_request_alone(
    provider: Provider, prepared: Path, tmp_path: Path
) -> None:
    desk = desk_of(provider, copy_of(prepared, tmp_path), allow_private=False)
    assert (await desk.look("/sign-in/oidc", None)).status_code == 503
    desk.close()


async def test_whom_the_provider_sends_back_empty_handed_is_told(desk: Office) -> None:
    async with desk.seat(None) as browser:
        state = (await vouched(await browser.get(GO))).partition("state=")[2]
        answer = await browser.get(f"{GO}/back", params={"error": "access_denied", "state": state})
    assert answer.status_code == 403
    assert "Quay Login did not sign you in" in answer.text


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/a//b"])
async def test_signing_in_leads_nowhere_else(desk: Office, wanted: str) -> None:
    async with desk.seat(None) as browser:
        begun = await browser.get(GO, params={"next": wanted})
        answer = await browser.get(await vouched(begun))
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/")


async def test_a_cookie_that_was_changed_is_none(desk: Office) -> None:
    async with desk.seat(None) as browser:
        back = await vouched(await browser.get(f"{GO}?next=/account"))
        cookie = browser.cookies["__Host-desk-oidc"]
    for sent, status in ((cookie.replace("account", "log"), 403), (f"x{cookie}", 403), (cookie, 303)):
        async with desk.seat(None, cookie=f"__Host-desk-oidc={sent}") as browser:
            assert (await browser.get(back)).status_code == status


async def test_each_counts_among_the_thirty_tries_of_a_place(desk: Office) -> None:
    tries = Rule("sign-in:192.0.2.1", 30, 600)
    for _ in range(29):
        Attempts(desk.app.database).take([tries], desk.clock())
    async with desk.seat(None) as browser:
        assert (await browser.get(GO)).status_code == 303
        assert (await browser.get(GO)).status_code == 429


async def test_where_it_is_off_there_is_nothing(office: Office) -> None:
    assert "oidc" not in (await office.look("/sign-in", None)).text
    for path in ("/sign-in/oidc", "/sign-in/oidc/back?code=x&state=y"):
        assert (await office.look(path, None)).status_code == 404


async def test_these_pages_alone_ask_for_no_sign_in(office: Office) -> None:
    open_ = {route.path for router in OPEN for route in router.routes if isinstance(route, APIRoute)}
    assert {path for path in open_ if not path.startswith(("/style-", "/desk-", "/icon"))} == {
        "/sign-in",
        "/sign-in/oidc",
        "/sign-in/oidc/back",
    }
