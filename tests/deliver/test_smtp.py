"""Opening a session: TLS that cannot be talked out of, and one try at signing in."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from digest.deliver import smtp
from digest.deliver.options import Relay, Tls
from digest.deliver.report import Report
from digest.model import DeliveryState
from tests.deliver.certificates import certificate, server_context
from tests.deliver.relay import EXTENSIONS, BadRelay, Fault
from tests.deliver.run_of import Morning

SECURE = ("STARTTLS", "PIPELINING")


def over_tls(relay: BadRelay, trusted: Path, **settings: object) -> Relay:
    return replace(
        relay.settings(tls=Tls.REQUIRED),
        host="localhost",
        ca_file=str(trusted),
        **settings,  # type: ignore[arg-type]  # fields of Relay, as the caller names them
    )


async def test_mail_goes_over_starttls(morning: Morning, tmp_path: Path) -> None:
    trusted = certificate(tmp_path)
    relay = BadRelay(extensions=SECURE)
    relay.tls = server_context(trusted)
    async with relay.running():
        report = await morning.send(over_tls(relay, trusted))
    assert (report.accepted, report.halted) == (500, "")
    assert set(relay.copies.values()) == {1}
    assert relay.commands.count("STARTTLS") == relay.connections


async def test_mail_goes_over_tls_from_the_first_byte(morning: Morning, tmp_path: Path) -> None:
    trusted = certificate(tmp_path)
    relay = BadRelay()
    relay.implicit = server_context(trusted)
    async with relay.running():
        url = f"smtps://localhost:{relay.port}"
        report = await morning.send(Relay.parse(url, ca_file=str(trusted)))
    assert (report.accepted, report.halted) == (500, "")
    assert relay.copies == {morning.address(n): 1 for n in range(1, 501)}
    assert "STARTTLS" not in relay.commands


async def test_over_smtps_a_certificate_that_nobody_vouches_for_is_refused(
    morning: Morning, tmp_path: Path
) -> None:
    relay = BadRelay()
    relay.implicit = server_context(certificate(tmp_path))
    async with relay.running():
        report = await morning.send(Relay.parse(f"smtps://localhost:{relay.port}"))
    assert "self-signed certificate" in report.halted
    assert relay.taken == []


BAD = [
    ({"host": "mail.example.org"}, "Hostname mismatch"),
    ({"days": -1}, "certificate has expired"),
]


@pytest.mark.parametrize(("made", "says"), BAD)
async def test_a_bad_certificate_pauses_the_run_and_names_itself(
    morning: Morning, tmp_path: Path, made: dict[str, object], says: str
) -> None:
    bad = certificate(tmp_path, **made)  # type: ignore[arg-type]  # host or days
    relay = BadRelay(extensions=SECURE)
    relay.tls = server_context(bad)
    async with relay.running():
        report = await morning.send(over_tls(relay, bad))
    assert says in report.halted
    assert "certificate of localhost" in report.halted
    assert report.next_due is None
    assert relay.taken == []


async def test_a_certificate_that_nobody_vouches_for_is_refused(morning: Morning, tmp_path: Path) -> None:
    relay = BadRelay(extensions=SECURE)
    relay.tls = server_context(certificate(tmp_path))
    async with relay.running():
        report = await morning.send(over_tls(relay, certificate(tmp_path, host="other.example.org")))
    assert "self-signed certificate" in report.halted


async def test_without_starttls_no_mail_leaves_in_clear(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        report = await morning.send(relay.settings(tls=Tls.REQUIRED))
    assert "STARTTLS is not offered" in report.halted
    assert not any(command.startswith("MAIL") for command in relay.commands)
    assert morning.count(DeliveryState.PLANNED) == 500


async def test_starttls_refused_fails_closed(morning: Morning, tmp_path: Path) -> None:
    async with BadRelay(Fault("starttls", "454 4.7.0 TLS not available"), SECURE).running() as relay:
        report = await morning.send(over_tls(relay, certificate(tmp_path)))
    assert "454 4.7.0 TLS not available" in report.halted
    assert relay.taken == []


async def test_if_offered_means_in_clear_where_it_is_not(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        assert (await morning.send(relay.settings(tls=Tls.IF_OFFERED))).accepted == 500


async def test_the_password_is_tried_once_and_then_a_person_is_asked(morning: Morning) -> None:
    fault = Fault("auth", "535 5.7.8 wrong password")
    async with BadRelay(fault, ("AUTH PLAIN LOGIN CRAM-MD5", "PIPELINING")).running() as relay:
        report = await morning.send(relay.settings(username="news", password="secret"))
    assert "sign-in: 535 5.7.8 wrong password" in report.halted
    assert report.next_due is None
    assert fault.hit == 1
    assert relay.taken == []


async def test_signed_in_mail_flows(morning: Morning) -> None:
    async with BadRelay(extensions=("AUTH PLAIN", *EXTENSIONS)).running() as relay:
        report = await morning.send(relay.settings(username="news", password="secret"))
    assert report.accepted == 500
    assert relay.commands.count("AUTH PLAIN AG5ld3MAc2VjcmV0") == relay.connections


async def test_a_password_that_cannot_be_checked_now_is_tried_after_1_5_and_15_minutes(
    morning: Morning,
) -> None:
    waits: list[float] = []
    stop = asyncio.Event()

    def next_time_comes(report: Report) -> None:
        if report.halted and report.next_due is None:
            stop.set()
        elif report.halted and report.next_due:
            waits.append(report.next_due - morning.now)
            morning.now = report.next_due

    fault = Fault("auth", "454 4.7.0 temporary failure")
    async with BadRelay(fault, ("AUTH PLAIN",)).running() as relay:
        settings = relay.settings(username="news", password="secret")
        report = await morning.send(settings, wait=True, stop=stop, progress=next_time_comes)
        assert waits == pytest.approx([60, 300, 900], abs=2)
        assert (fault.hit, report.next_due, relay.taken) == (4, None, [])
        assert "sign-in: 454 4.7.0 temporary failure" in report.halted


async def test_dsn_is_asked_for_where_it_is_offered(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        await morning.send(relay.settings())
    mail = next(command for command in relay.commands if command.startswith("MAIL"))
    rcpt = next(command for command in relay.commands if command.startswith("RCPT"))
    assert " RET=HDRS ENVID=" in mail
    assert " SIZE=" in mail
    assert rcpt.endswith(" NOTIFY=FAILURE,DELAY ORCPT=rfc822;" + rcpt.split("<")[1].split(">")[0])


async def test_without_extensions_none_is_used(morning: Morning) -> None:
    async with BadRelay(Fault("ehlo", "502 5.5.1 not here")).running() as relay:
        await morning.send(relay.settings())
    assert all(" " not in c.partition(">")[2] for c in relay.commands if c.startswith(("MAIL", "RCPT")))
    assert len(relay.taken) == 500


async def test_the_machines_name_is_asked_for_once_and_not_for_each_connection(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = iter(["sender.example.com"])
    monkeypatch.setattr(socket, "getfqdn", lambda: next(names))
    smtp.own_name.cache_clear()
    relay = BadRelay()
    async with relay.running():
        report = await morning.send(relay.settings(), local_hostname=None)
    smtp.own_name.cache_clear()
    assert report.accepted == 500
    assert relay.commands.count("EHLO sender.example.com") == relay.connections > 1
