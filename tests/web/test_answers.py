"""What every answer has: safe headers, no cookie, an explanation where it cannot be what was asked for."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient

from digest.errors import StoreError
from digest.settings import check
from digest.tokens import Purpose
from digest.web.server import serving
from digest.wiring import App
from tests.web.site import MORNING, Newspaper, form_of, heading

OPEN = [
    "/",
    "/subscribe",
    "/preferences",
    "/embed",
    "/archive",
    "/archive/morning",
    "/healthz",
    "/readyz",
    "/nowhere",
]


def rules(policy: str) -> dict[str, str]:
    return dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))


@pytest.mark.parametrize("path", [*OPEN, "/icon.svg", "/archive/morning/feed.xml"])
async def test_no_page_runs_scripts_sets_cookies_or_can_be_framed(paper: Newspaper, path: str) -> None:
    headers = (await paper.get(path)).headers
    policy = rules(headers["content-security-policy"])
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == policy["style-src"] == policy["img-src"] == "'self'"
    assert "script-src" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.UNSUBSCRIBE, Purpose.PREFERENCES])
async def test_a_personal_page_is_kept_by_nobody(paper: Newspaper, purpose: Purpose) -> None:
    answer = await paper.get(paper.path(purpose, paper.reader("ada@example.com")))
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert 'name="robots" content="noindex"' in answer.text


@pytest.mark.parametrize("path", OPEN)
async def test_head_is_get_without_the_body(paper: Newspaper, path: str) -> None:
    async with paper.browser() as browser:
        assert (await browser.head(path)).status_code == (await browser.get(path)).status_code


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("PUT", "/subscribe"), ("DELETE", "/archive")])
async def test_a_method_that_makes_no_sense_is_refused(paper: Newspaper, method: str, path: str) -> None:
    async with paper.browser() as browser:
        answer = await browser.request(method, path)
    assert (answer.status_code, heading(answer)) == (405, "That is not possible here")
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"email=" + b"x" * 10_000,
        b"&".join(b"a%d=1" % n for n in range(3000)),
        b"\xff\xfe\x00",
        b"email=%ff%fe%00@x",
    ],
)
async def test_a_hostile_body_is_refused_and_costs_little(paper: Newspaper, body: bytes) -> None:
    async with paper.browser() as browser:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = await browser.post("/subscribe", content=body, headers=headers)
    assert answer.status_code in {400, 422}


async def test_a_file_where_an_address_belongs_is_refused(paper: Newspaper) -> None:
    async with paper.browser() as browser:
        answer = await browser.post("/subscribe", files={"email": ("x.bin", b"x" * 100_000)})
    assert answer.status_code == 400


async def test_a_database_that_does_not_answer_is_told_and_passes(
    paper: Newspaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise StoreError("database is locked")

    monkeypatch.setattr(paper.site.app.archive, "newest", fails)
    answer = await paper.get("/archive")
    assert (answer.status_code, heading(answer)) == (503, "One moment, please")
    assert "locked" not in answer.text
    assert answer.headers["retry-after"]


async def test_ready_says_what_is_missing(paper: Newspaper) -> None:
    assert (await paper.get("/readyz")).json() == {"status": "ok"}
    with paper.app.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = await paper.get("/readyz")
    assert answer.status_code == 503
    assert "run: digest db upgrade" in answer.json()["reason"]
    assert (await paper.get("/healthz")).status_code == 200


async def test_not_ready_is_who_cannot_write_where_leaving_is_written_down(
    paper: Newspaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = paper.app.settings.folder / "var" / "journal.jsonl"
    journal.touch(mode=0o600)
    monkeypatch.setattr(os, "access", lambda place, _mode: place != journal)
    answer = await paper.get("/readyz")
    assert (answer.status_code, "var/ cannot be written" in answer.json()["reason"]) == (503, True)


async def test_the_stylesheet_is_kept_for_ever_under_its_own_name(paper: Newspaper) -> None:
    current = await paper.get(f"/style-{paper.site.version}.css")
    assert "immutable" in current.headers["cache-control"]
    assert current.headers["content-type"].startswith("text/css")
    old = await paper.get("/style-000000000000.css")
    assert (old.content, old.headers["cache-control"]) == (current.content, "no-cache")


async def test_pages_wear_the_operators_colours_and_words(paper: Newspaper) -> None:
    green = Newspaper(
        paper.app.settings.folder, look={"accent": "#0b6b3a"}, postal_address="1 Pier Road, Harbour"
    )
    assert "#0b6b3a" in (await green.get(f"/style-{green.site.version}.css")).text
    assert "1 Pier Road, Harbour" in (await green.get("/")).text
    green.close()


async def test_a_real_server_answers_and_the_mail_follows(paper: Newspaper) -> None:
    """Over TCP, on the clock of the day: a form, and the mail to confirm in the outbox by itself."""
    paper.clock.now = datetime.now(UTC) - timedelta(seconds=5)
    app = App(
        check({"folder": paper.app.settings.folder, "web": {"port": 0}, "newsletters": [MORNING]}, "a test")
    )
    async with serving(app) as address, AsyncClient(base_url=address) as browser, asyncio.timeout(20):
        action, fields = form_of(await browser.get("/"))
        fields["stamp"] = paper.site.stamp()  # as if the form had been open for a while
        answer = await browser.post(action, data={**fields, "email": "ada@example.com"})
        assert heading(answer) == "Look into your inbox"
        while not app.outbox.waiting():  # noqa: ASYNC110 - a database has no events
            await asyncio.sleep(0.05)
    app.close()
