"""Nobody is at the desk who has not signed in, and no other site can act for those who have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from digest import passwords, wiring
from digest.model import Duty
from digest.settings import check
from digest.web.app import create, desk_alone
from digest.web.server import serving
from tests.web.desk.office import PEOPLE, Office
from tests.web.site import URL, copy_of, heading

PASSWORD = "a good long password"
ADA = "ada@example.com"


@pytest.fixture
def ada(office: Office) -> Office:
    office.app.accounts.add(ADA, passwords.hashed(PASSWORD), Duty.EDITOR, office.clock())
    return office


async def sign_in(office: Office, password: str = PASSWORD, address: str = ADA, **more: str) -> Response:
    async with office.seat(None) as browser:
        return await browser.post("/desk/sign-in", data={"address": address, "password": password, **more})


async def test_every_page_is_shut_to_strangers(office: Office) -> None:
    walked = 0
    async with office.seat(None) as browser:
        for path, methods in office.desk_routes():
            for method in methods:
                answer = await browser.request(method, f"/desk{path}")
                assert answer.status_code == 303, (method, path)
                assert answer.headers["location"].startswith("/desk/sign-in"), (method, path)
                walked += 1
    assert walked > 5


async def test_every_form_asks_for_its_key_and_our_own_origin(office: Office) -> None:
    for path, methods in office.desk_routes():
        if "POST" in methods:
            for answer in (
                await office.press(path, key="another one"),
                await office.press(path, origin="https://evil.example"),
                await office.press(path, origin=""),
            ):
                assert answer.status_code == 403, path


async def test_a_viewer_changes_nothing(office: Office) -> None:
    for path, methods in office.desk_routes():
        if "POST" in methods and path not in {"/sign-out", "/account"}:
            assert (await office.press(path, Duty.VIEWER)).status_code == 403, path


async def test_the_sign_in_page_stands_before_anybody_can_sign_in(office: Office) -> None:
    for address in PEOPLE.values():
        office.app.accounts.remove(address)
    page = await office.look("/sign-in", None)
    assert page.status_code == 200
    assert "digest users add" in page.text


async def test_whoever_signs_in_comes_to_the_page_they_asked_for(ada: Office) -> None:
    asked = await ada.look("/account", None)
    assert asked.headers["location"] == "/desk/sign-in?next=/account"
    answer = await sign_in(ada, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account")


async def test_the_cookie_is_for_this_host_over_https_and_no_script(ada: Office) -> None:
    cookie = (await sign_in(ada)).headers["set-cookie"]
    assert cookie.startswith("__Host-desk=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "cookie" not in str((await ada.look("/sign-in", None)).headers)


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example",
        "https:evil",
        "/\\evil.example",
        "/a//b",
        "javascript:x",
        "/é",
    ],
)
async def test_signing_in_leads_nowhere_else(ada: Office, wanted: str) -> None:
    assert (await sign_in(ada, next=wanted)).headers["location"] == "/desk/"


async def test_a_wrong_password_and_an_unknown_address_look_the_same(ada: Office) -> None:
    wrong = await sign_in(ada, "another password")
    unknown = await sign_in(ada, "another password", "eve@example.com")
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace(ADA, "") == unknown.text.replace("eve@example.com", "")


async def test_an_account_without_a_password_lets_nobody_in(office: Office) -> None:
    assert (await sign_in(office, "", PEOPLE[Duty.OPERATOR])).status_code == 403
    assert (await sign_in(office, "nobody's password", PEOPLE[Duty.OPERATOR])).status_code == 403


async def test_after_ten_tries_one_waits(ada: Office) -> None:
    for _ in range(10):
        assert (await sign_in(ada, "guess")).status_code == 403
    late = await sign_in(ada)
    assert (late.status_code, late.headers["retry-after"]) == (429, "600")
    ada.clock.turn(minutes=11)
    assert (await sign_in(ada)).status_code == 303


async def test_another_site_cannot_sign_anybody_in(ada: Office) -> None:
    async with ada.seat(None, origin="https://evil.example") as browser:
        answer = await browser.post("/desk/sign-in", data={"address": ADA, "password": PASSWORD})
    assert answer.status_code == 403


async def test_signing_out_ends_it(office: Office) -> None:
    await office.press("/sign-out", Duty.EDITOR)
    assert (await office.look("/", Duty.EDITOR)).status_code == 303
    assert (await office.look("/", Duty.OPERATOR)).status_code == 200


async def test_a_new_password_signs_every_browser_out_but_this(ada: Office) -> None:
    tokens = []
    for _ in range(2):
        cookie = (await sign_in(ada)).headers["set-cookie"]
        found = re.match(r"__Host-desk=([^;]+)", cookie)
        assert found
        tokens.append(found[1])
    async with ada.seat(None) as browser:
        browser.cookies.set("__Host-desk", tokens[0])
        page = await browser.get("/desk/account")
        key = re.findall(r'name="key" value="(\w+)"', page.text)[0]
        form = {"key": key, "old": PASSWORD, "new": "another long password"}
        answer = await browser.post("/desk/account", data=form)
        assert answer.headers["location"] == "/desk/account?did=password"
    assert all(ada.app.accounts.signed_in(token, ada.clock()) is None for token in tokens)
    assert (await sign_in(ada)).status_code == 403
    assert (await sign_in(ada, "another long password")).status_code == 303


async def test_a_browser_left_alone_is_signed_out(office: Office) -> None:
    office.clock.turn(hours=11)
    assert (await office.look()).status_code == 200
    office.clock.turn(hours=11)
    assert (await office.look()).status_code == 200
    office.clock.turn(hours=13)
    assert (await office.look()).status_code == 303


async def test_pages_are_kept_by_nobody_and_run_only_our_own_script(office: Office) -> None:
    page = await office.look()
    assert page.headers["cache-control"] == "no-store"
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert page.headers["referrer-policy"] == "same-origin"
    assert URL not in page.text


async def test_what_is_not_there_is_told_on_a_page(office: Office) -> None:
    page = await office.look("/nowhere")
    assert (page.status_code, heading(page)) == (404, "There is nothing here")


async def test_the_address_in_mails_leads_to_the_desk(office: Office) -> None:
    async with office.seat(Duty.EDITOR) as browser:
        answer = await browser.get("/desk")
        assert answer.headers["location"].removeprefix(URL) == "/desk/"


async def test_the_desk_has_an_address_of_its_own_on_request(prepared: Path, tmp_path: Path) -> None:
    facts = {"folder": copy_of(prepared, tmp_path), "desk": {"listen": "127.0.0.1:0"}, "web": {"port": 0}}
    with wiring.opened(check(facts, "a test")) as app:
        for pages, status in ((create(app), 404), (desk_alone(app), 200)):
            async with AsyncClient(transport=ASGITransport(app=pages), base_url=URL) as browser:
                assert (await browser.get("/desk/sign-in")).status_code == status
        async with serving(app) as address, AsyncClient() as browser:
            assert (await browser.get(f"{address}desk/sign-in")).status_code == 404
