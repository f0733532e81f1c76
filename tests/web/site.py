"""A newspaper with pages, on a clock that tests turn: forms are filled in and links followed as people do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from httpx2 import ASGITransport, AsyncClient, Response
from lxml import html
from sqlalchemy import select

from digest import wiring
from digest.addresses import accept
from digest.model import Order, Subscription
from digest.settings import check
from digest.steps.by_hand import issue_by_hand
from digest.steps.joining import join
from digest.store import tables
from digest.tokens import Purpose
from digest.web.app import create
from digest.web.asking import settle
from digest.web.limits import Limits
from digest.web.site import Site
from tests.builders import NOON, found

URL = "https://news.example.com"
FORM = {"content-type": "application/x-www-form-urlencoded"}
MORNING = {
    "slug": "morning",
    "title": "The Harbour Post",
    "from": "The Harbour Post <news@example.com>",
    "zone": "Europe/Dublin",
    "sections": ["World", "Harbour", "Sport"],
}
WEEKEND = {
    "slug": "weekend",
    "title": "Harbour Weekend",
    "from": "The Harbour Post <news@example.com>",
    "days": ["sat", "sun"],
    "mornings": "reader",
    "sections": ["Culture", "Travel"],
}


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


class Newspaper:
    """Everything a test of the pages needs: the wired app, its pages, its outbox, its clock."""

    def __init__(
        self,
        folder: Path,
        newsletters: Sequence[Mapping[str, Any]] = (MORNING,),
        limits: Limits | None = None,
        look: Mapping[str, Any] | None = None,
        tables: Mapping[str, Any] | None = None,
        **site: str,
    ) -> None:
        facts = {
            "folder": folder,
            "site": {"name": "The Harbour Post", "url": URL, **site},
            "look": look or {},
            "newsletters": list(newsletters),
            **(tables or {}),
        }
        settings = check(facts, "a test")
        self.app = wiring.App(settings)
        self.clock = Clock()
        self.pages = create(self.app, self.clock, limits)

    @property
    def site(self) -> Site:
        site: Site = self.pages.state.site
        return site

    def browser(self, ip: str = "192.0.2.1") -> AsyncClient:
        """Somebody on the net, at an address of their own."""
        return AsyncClient(transport=ASGITransport(app=self.pages, client=(ip, 4000)), base_url=URL)

    async def get(self, path: str, **headers: str) -> Response:
        async with self.browser() as browser:
            return await browser.get(path, headers=headers)

    async def post(self, path: str, data: Mapping[str, Any] | None = None, ip: str = "192.0.2.1") -> Response:
        async with self.browser(ip) as browser:
            return await browser.post(path, data=data)

    async def fill_in(
        self, address: str, ip: str = "192.0.2.1", page: str = "/", seconds: float = 5, **more: str
    ) -> Response:
        """Open a page, take some seconds to write an address into its form, and send it."""
        async with self.browser(ip) as browser:
            action, fields = form_of(await browser.get(page))
            self.clock.turn(seconds=seconds)
            return await browser.post(action, data={**fields, "email": address, **more})

    async def send(self, address: str, ip: str) -> Response:
        """The form alone, as a robot sends it that has learnt to wait."""
        fields = {"email": address, "stamp": self.site.stamp()}
        self.clock.turn(seconds=1)
        return await self.post("/subscribe", fields, ip)

    async def ask(self, address: str, ip: str = "192.0.2.1", **more: Any) -> Response:
        """The same, and what comes of it."""
        answer = await self.fill_in(address, ip, **more)
        self.settle()
        return answer

    def settle(self) -> int:
        return settle(self.site, self.clock())

    def reader(self, address: str, newsletter: str = "morning", *, confirmed: bool = True) -> Subscription:
        """Somebody who has subscribed already."""
        of = self.app.newsletter(newsletter)
        order = Order(of.zone, of.send_at, of.days)
        done = join(self.app.joining, accept(address), of, order, "cli", confirmed, self.clock())
        self.clear_outbox()
        return done.subscription

    def state(self, address: str, newsletter: str = "morning") -> str:
        """What is known of an address: "" for nothing."""
        theirs = {one.newsletter: one.state for one in self.app.readers.of(accept(address))}
        return theirs.get(newsletter, "")

    def issue(self, *names: str) -> None:
        """Today's edition of the morning newsletter, out."""
        now = self.clock()
        at = now - timedelta(hours=1)
        self.app.stories.save("wire", [found(name, published=at) for name in names], at)
        of = self.app.newsletters[0]
        issue_by_hand(self.app.service, of, now.date(), now, everyone=True, approve=True)

    def path(self, purpose: Purpose, reader: Subscription) -> str:
        return f"/{purpose.value}/{self.app.tokens.sign(purpose, reader.ref)}"

    def mails(self) -> list[EmailMessage]:
        """Every mail in the outbox, oldest first."""
        query = select(tables.outbox.c.mail, tables.outbox.c.address).order_by(tables.outbox.c.id)
        with self.app.database.read() as connection:
            rows = connection.execute(query).all()
        return [opened(row.mail, row.address) for row in rows]

    def clear_outbox(self) -> None:
        with self.app.database.write() as connection:
            connection.execute(tables.outbox.delete())

    def everything(self) -> dict[str, list[Any]]:
        """All rows of all tables but the counters of attempts: what a request may have changed."""
        counted = [table for table in tables.metadata.sorted_tables if table.name != "attempt"]
        with self.app.database.read() as connection:
            return {table.name: list(connection.execute(select(table))) for table in counted}

    def close(self) -> None:
        self.app.close()


def opened(raw: bytes, address: str) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert parseaddr(mail["To"])[1] == address
    return mail


def recipient(mail: EmailMessage) -> str:
    return parseaddr(mail["To"])[1]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage, page: str) -> str:
    """The path of the link to a page, as it stands in a mail."""
    match = re.search(rf"{URL}(/{page}/[\w-]+)", text_of(mail))
    assert match, text_of(mail)
    return match[1]


def form_of(response: Response) -> tuple[str, dict[str, Any]]:
    """The page's first POST form as a browser would send it: its action, and its fields."""
    form = next(form for form in html.fromstring(response.text).forms if form.method == "POST")
    for blank in form.xpath(".//input[not(@value) and not(@type='checkbox')]"):
        blank.set("value", "")
    fields: dict[str, Any] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    return form.action or response.url.path, fields


def heading(response: Response) -> str:
    found_heading = html.fromstring(response.text).find(".//h1")
    assert found_heading is not None
    return str(found_heading.text_content())


def copy_of(prepared: Path, folder: Path) -> Path:
    """A working folder of its own, with a database that is set up already."""
    shutil.copytree(prepared / "var", folder / "var")
    return folder
