"""Whoever asks for mail in another's name gets little of it, and learns nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from digest.addresses import accept
from digest.mx import Domains
from digest.store.database import Database
from digest.web.limits import Limits
from tests.nameserver import name_server
from tests.web.site import Newspaper, form_of, heading, link_in, recipient, text_of


async def test_one_victim_from_a_hundred_hosts_gets_one_mail_an_hour_and_three_a_day(
    paper: Newspaper,
) -> None:
    for n in range(100):
        answer = await paper.send("victim@example.com", ip=f"198.51.100.{n}")
        assert heading(answer) == "Look into your inbox"
    paper.settle()
    assert len(paper.mails()) == 1
    for hour in range(1, 24):
        paper.clock.turn(hours=1)
        await paper.ask("victim@example.com", ip=f"203.0.113.{hour}")
    assert len(paper.mails()) == 3


async def test_fifty_variants_of_one_box_are_one_box(paper: Newspaper) -> None:
    for n in range(50):
        await paper.send(f"v.ic.tim+{n}@gmail.com", ip=f"198.51.100.{n}")
    paper.settle()
    assert len(paper.mails()) == 1


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8:1:2::{n:x}"])
async def test_a_thousand_addresses_from_one_customer_stop_at_ten(paper: Newspaper, host: str) -> None:
    answers = [await paper.send(f"victim{n}@host{n}.example.com", ip=host.format(n=n)) for n in range(30)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 20
    assert int(answers[-1].headers["retry-after"]) > 0
    paper.settle()
    assert len(paper.mails()) == 10
    assert (await paper.fill_in("ada@example.com", ip="192.0.2.99")).status_code == 200


async def test_a_domain_is_not_flooded_and_the_operator_is_told(paper: Newspaper) -> None:
    for n in range(25):
        await paper.send(f"victim{n}@example.com", ip=f"198.51.100.{n}")
    paper.settle()
    assert len(paper.mails()) == 20
    (incident,) = paper.app.incidents.current()
    assert "example.com" in incident.text
    paper.clock.turn(hours=1)
    await paper.ask("ada@example.com", ip="203.0.113.1")
    assert len(paper.mails()) == 21
    assert paper.app.incidents.current() == []


async def test_beyond_all_measure_a_brake_holds(paper: Newspaper) -> None:
    paper.site.limits = Limits(all_an_hour=5)
    for n in range(8):
        await paper.send(f"victim@host{n}.example.org", ip=f"198.51.100.{n}")
    paper.settle()
    assert len(paper.mails()) == 5
    assert [incident.key for incident in paper.app.incidents.current()] == ["asked:all"]


@pytest.mark.parametrize(
    ("seconds", "more"),
    [(0.2, {}), (5, {"website": "https://pills.example"}), (5, {"website": " "})],
    ids=["too quick", "trap filled", "trap touched"],
)
async def test_a_robot_sees_success_and_causes_nothing(
    paper: Newspaper, seconds: float, more: dict[str, str]
) -> None:
    person = await paper.fill_in("ada@example.com")
    robot = await paper.fill_in("victim@example.com", seconds=seconds, **more)
    assert robot.content == person.content
    paper.settle()
    assert [recipient(mail) for mail in paper.mails()] == ["ada@example.com"]


async def test_a_form_works_once(paper: Newspaper) -> None:
    action, fields = form_of(await paper.get("/"))
    paper.clock.turn(seconds=5)
    first = await paper.post(action, {**fields, "email": "ada@example.com"})
    second = await paper.post(action, {**fields, "email": "victim@example.org"})
    assert second.content == first.content
    paper.settle()
    assert len(paper.mails()) == 1


async def test_a_form_of_yesterday_is_given_out_anew(paper: Newspaper) -> None:
    answer = await paper.fill_in("ada@example.com", seconds=90_000)
    assert "One more press" in answer.text


async def test_known_and_unknown_get_the_same_bytes_and_headers(paper: Newspaper) -> None:
    paper.reader("known@example.com")
    paper.reader("pending@example.com", confirmed=False)
    paper.reader("left@example.com")
    paper.app.readers.leave(paper.app.readers.of(accept("left@example.com"))[0].ref, paper.clock())
    paper.app.suppressions.add(accept("off@example.com"), "complaint", "", paper.clock())
    for page in ("/", "/preferences"):
        answers = [
            await paper.fill_in(f"{name}@example.com", ip=f"198.51.100.{n}", page=page)
            for n, name in enumerate(("unknown", "known", "pending", "left", "off"))
        ]
        assert len({(one.status_code, one.content, tuple(one.headers.items())) for one in answers}) == 1


async def test_for_known_and_unknown_the_same_is_asked_of_the_database(paper: Newspaper) -> None:
    """So that no address is told apart by how long its answer takes."""
    paper.reader("known@example.com")
    paper.app.suppressions.add(accept("off@example.com"), "complaint", "", paper.clock())
    asked: dict[str, list[str]] = {"unknown": [], "known": [], "off": []}
    for name, statements in asked.items():
        fields = {"email": f"{name}@example.com", "stamp": paper.site.stamp()}
        paper.clock.turn(seconds=2)
        with heard(paper.app.database, statements):
            await paper.post("/subscribe", data=fields)
    assert asked["unknown"] == asked["known"] == asked["off"] != []


@contextmanager
def heard(database: Database, statements: list[str]) -> Iterator[None]:
    """What is asked of the database meanwhile."""

    def hear(_link: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    yield
    event.remove(database.engine, "before_cursor_execute", hear)


async def test_each_gets_the_mail_that_fits_and_a_suppressed_one_none(paper: Newspaper) -> None:
    paper.reader("known@example.com")
    paper.reader("pending@example.com", confirmed=False)
    paper.app.suppressions.add(accept("off@example.com"), "complaint", "", paper.clock())
    for name in ("known", "pending", "off"):
        await paper.ask(f"{name}@example.com")
    known, pending = paper.mails()
    assert "preferences" in link_in(known, "preferences")
    assert "confirm" in link_in(pending, "confirm")


async def test_nothing_a_stranger_typed_stands_in_a_mail(paper: Newspaper) -> None:
    typed = "Buy pills https://spam.example"
    await paper.ask("victim@example.com", name=typed, zone=typed, newsletter_title=typed)
    (mail,) = paper.mails()
    assert "spam" not in mail.as_string()
    assert text_of(mail).count("http") == text_of(mail).count("https://news.example.com/confirm/") == 1


async def test_what_was_asked_for_is_settled_by_whoever_is_alive(paper: Newspaper) -> None:
    """A process that dies between the answer and the mail loses nobody."""
    await paper.fill_in("ada@example.com")
    assert len(paper.site.app.asked.claim(paper.clock())) == 1
    assert paper.settle() == 0
    paper.clock.turn(minutes=3)
    assert paper.settle() == 1
    assert paper.settle() == 0
    assert len(paper.mails()) == 1


async def test_many_at_once_are_all_kept(paper: Newspaper) -> None:
    paper.site.limits = Limits(requests_an_ip=1000)
    stamps = [paper.site.stamp() for _ in range(12)]
    paper.clock.turn(seconds=2)
    async with paper.browser() as browser:
        answers = await asyncio.gather(
            *(
                browser.post("/subscribe", data={"email": f"r{n}@h{n}.example.com", "stamp": stamp})
                for n, stamp in enumerate(stamps)
            )
        )
    assert {answer.status_code for answer in answers} == {200}
    assert paper.settle() == 12


async def test_a_box_that_is_an_office_can_be_refused(paper: Newspaper) -> None:
    tables = {"addresses": {"refuse": ["postmaster", "abuse"]}}
    careful = Newspaper(paper.app.settings.folder, tables=tables)
    for n, box in enumerate(("Postmaster", "abuse", "postmistress")):
        answer = await careful.ask(f"{box}@example.com", ip=f"198.51.100.{n}")
        assert heading(answer) == "Look into your inbox"
    assert [recipient(mail) for mail in careful.mails()] == ["postmistress@example.com"]
    careful.close()


async def test_a_domain_that_takes_no_mail_gets_none_and_the_page_tells_nothing(paper: Newspaper) -> None:
    careful = Newspaper(paper.app.settings.folder, tables={"addresses": {"check_mx": True}})
    with name_server({"example.com": {"MX": "10 mail.example.com."}}) as resolver:
        careful.app.domains = Domains(resolver)
        answers = [
            await careful.fill_in(f"ada@{domain}", ip=f"198.51.100.{n}")
            for n, domain in enumerate(("example.com", "exmaple.com"))
        ]
        careful.settle()
    assert answers[0].content == answers[1].content
    assert [recipient(mail) for mail in careful.mails()] == ["ada@example.com"]
    careful.close()
