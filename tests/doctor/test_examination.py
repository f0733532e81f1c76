"""The doctor, with a name server and a mail server on loopback."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from digest.collect.harvest import Collected
from digest.deliver.dkim_keys import new_key
from digest.deliver.options import Tls
from digest.doctor.domains import domains, keys
from digest.doctor.examination import examine
from digest.doctor.finding import Finding, Level, ok
from digest.doctor.openid import openid
from digest.doctor.relay import mail_server
from digest.doctor.sources import sources
from digest.model import Source, SourceState
from digest.settings import Settings, check
from digest.wiring import opened
from tests.builders import NOON
from tests.deliver.certificates import certificate, server_context
from tests.deliver.relay import BadRelay, Fault
from tests.doctor.dns_stub import Zone, name_server
from tests.web.desk.provider import providing

IN_ORDER: Zone = {
    ("paper.ie", "TXT"): ('"v=spf1 a:smtp.paper.ie " "-all"',),
    ("paper.ie", "MX"): ("10 mx.paper.ie.",),
    ("_dmarc.paper.ie", "TXT"): ('"v=DMARC1; p=quarantine"',),
    ("smtp.paper.ie", "A"): ("192.0.2.7",),
    ("7.2.0.192.in-addr.arpa", "PTR"): ("smtp.paper.ie.",),
}


def settings(folder: Path = Path(), **tables: Any) -> Settings:
    newsletter = {"slug": "morning", "title": "Morning", "from": "Paper <news@paper.ie>"}
    return check({"folder": folder, "newsletters": [newsletter], **tables}, "test")


async def asked(zone: Zone, relay: str = "smtp.paper.ie", **tables: Any) -> list[Finding]:
    async with name_server(zone) as ask:
        return [one async for one in domains(settings(**tables), [relay], ask)]


async def test_a_domain_in_order_has_nothing_but_good_findings() -> None:
    found = await asked(IN_ORDER)
    assert {one.level for one in found} == {Level.OK}, found
    assert [one.check.split()[0] for one in found] == ["spf", "dmarc", "mx", "ptr"]


async def asked_of_keys(folder: Path, zone: Zone, *files: str) -> list[Finding]:
    async with name_server(zone) as ask:
        with opened(settings(folder, dkim={"keys": list(files)})) as app:
            return [one for one in await examine(app, NOON, ask) if one.check.startswith("dkim")]


async def test_each_key_that_we_sign_with_is_looked_for(tmp_path: Path) -> None:
    name, value = new_key(tmp_path / "ed26.pem", ed25519=True).record("paper.ie")
    [told] = await asked_of_keys(tmp_path, IN_ORDER, "ed26.pem")
    assert told.level is Level.ERROR
    assert told.cure == f'publish: {name}. TXT "{value}"'
    [told] = await asked_of_keys(tmp_path, {**IN_ORDER, (name, "TXT"): (f'"{value}"',)}, "ed26.pem")
    assert told == ok(f"dkim {name}", "is the key we sign with")


async def test_a_key_that_cannot_be_read_is_told_beside_all_else(tmp_path: Path) -> None:
    [told] = await asked_of_keys(tmp_path, IN_ORDER, "gone.pem")
    assert told.level is Level.ERROR
    assert "gone.pem" in told.said


async def test_without_a_key_the_relay_signs(tmp_path: Path) -> None:
    [told] = await asked_of_keys(tmp_path, IN_ORDER)
    assert told.said.startswith("signing is left to the relay")


async def test_the_keys_of_a_placeholder_are_not_asked_for(tmp_path: Path) -> None:
    new_key(tmp_path / "ed26.pem", ed25519=True)
    letter = {"slug": "m", "title": "M", "from": "news@example.com"}
    with opened(settings(tmp_path, dkim={"keys": ["ed26.pem"]}, newsletters=[letter])) as app:
        async with name_server({}) as ask:
            assert [one async for one in keys(app, ask)] == []


async def test_a_domain_that_says_nothing_is_told_what_to_publish() -> None:
    found = await asked({("paper.ie", "A"): ("192.0.2.1",)})
    cures = {one.check.split()[0]: one.cure for one in found}
    assert cures["spf"] == 'publish: paper.ie. TXT "v=spf1 a:smtp.paper.ie ~all"'
    assert cures["dmarc"].startswith("publish: _dmarc.paper.ie. TXT")
    assert cures["mx"] == "publish: paper.ie. MX 10 mail.paper.ie."


async def test_a_parents_dmarc_policy_counts() -> None:
    letter = {"slug": "m", "title": "M", "from": "news@post.paper.ie"}
    found = await asked(IN_ORDER, newsletters=[letter])
    assert [one.level for one in found if one.check.startswith("dmarc")] == [Level.OK]


async def test_mail_that_takes_none_is_told_by_its_null_mx() -> None:
    found = await asked({**IN_ORDER, ("paper.ie", "MX"): ("0 .",)})
    assert [one.said for one in found if one.check == "mx paper.ie"] == [
        "it says that it takes no mail (RFC 7505)"
    ]


async def test_with_a_relay_on_this_machine_the_machine_itself_must_have_a_name() -> None:
    zone = {**IN_ORDER, ("digest.paper.ie", "A"): ("192.0.2.8",)}
    found = await asked(zone, relay="127.0.0.1", site={"url": "https://digest.paper.ie"})
    assert [one.level for one in found if one.check == "ptr 192.0.2.8"] == [Level.ERROR]


async def test_before_the_machine_has_a_public_name_the_record_itself_is_judged() -> None:
    found = await asked(IN_ORDER, relay="127.0.0.1")
    assert {one.level for one in found} == {Level.OK}
    assert not [one for one in found if one.check.startswith("ptr")]


async def test_a_relay_that_takes_us_is_told_by_what_it_speaks(tmp_path: Path) -> None:
    relay, file = BadRelay(extensions=("PIPELINING", "STARTTLS", "AUTH PLAIN")), certificate(tmp_path)
    relay.tls = server_context(file)
    async with relay.running():
        to = relay.settings(tls=Tls.REQUIRED, username="paper", password="quay", ca_file=str(file))
        [told] = [one async for one in mail_server(replace(to, host="localhost"))]
    assert told.level is Level.OK
    assert "TLS, signed in as paper, pipelining" in told.said
    assert relay.commands[-1] == "QUIT"
    assert not relay.taken


@pytest.mark.parametrize(
    ("fault", "said", "cure"),
    [
        (Fault("greeting", "554 5.7.1 go away"), "greeting: 554", "whether this machine may send"),
        (Fault("auth", "535 5.7.8 no"), "sign-in: 535", "DIGEST_SMTP__PASSWORD"),
        (Fault("greeting", "silence"), "greeting", "is the name and port"),
    ],
)
async def test_a_relay_that_refuses_us_is_told_with_the_cure(fault: Fault, said: str, cure: str) -> None:
    async with BadRelay(fault, extensions=("AUTH PLAIN",)).running() as relay:
        to = relay.settings(username="paper", password="quay")
        [told] = [one async for one in mail_server(to, patience=0.2)]
    assert told.level is Level.ERROR
    assert cure in told.cure
    assert "quay" not in f"{told}"


async def test_one_thing_wrong_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "stories").mkdir()
    tables = {
        "smtp": {"url": "smtp://127.0.0.1:9"},
        "sources": [
            {"name": "gone", "url": "http://127.0.0.1:9/feed", "allow_private": True},
            {"name": "folder", "kind": "files", "path": "stories"},
        ],
    }
    async with name_server(IN_ORDER) as ask:
        with opened(settings(tmp_path, **tables)) as app:
            found = await examine(app, NOON, ask)
    levels = {one.check: one.level for one in found}
    assert levels["source gone"] is Level.ERROR
    assert levels["source folder"] is Level.WARNING
    assert levels["template morning"] is Level.OK
    assert levels["smtp"] is Level.ERROR
    assert levels["database"] is Level.OK
    assert not (tmp_path / "var").exists(), "looking makes nothing"


async def test_sources_are_told_in_the_order_of_the_configuration() -> None:
    class Slow:
        async def fetch(self, source: Source, state: SourceState, now: datetime) -> Collected:
            if source.name == "first":
                await second.wait()
            else:
                second.set()
            return Collected(source.name, "failed", state, reason="nobody answers")

    second = asyncio.Event()
    found = [one async for one in sources([Source("first"), Source("second")], Slow(), NOON)]
    assert [one.check for one in found] == ["source first", "source second"]


async def test_the_openid_provider_answers_as_one_or_is_told(tmp_path: Path) -> None:
    async with providing() as provider:
        named = {"issuer": provider.issuer, "client_id": "the-desk", "allow_private": True}
        with opened(settings(tmp_path, oidc=named)) as app:
            [found] = [one async for one in openid(app)]
            assert found == ok("openid", f"{provider.issuer} answers as an OpenID provider")
            provider.says = {"issuer": "https://login.example.com"}
            [found] = [one async for one in openid(app)]
            assert found.level is Level.ERROR
            assert "'https://login.example.com'; set oidc.issuer to just that" in found.said
    with opened(settings(tmp_path)) as app:
        assert [one async for one in openid(app)] == []
