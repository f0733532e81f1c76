"""Which domains take mail. In doubt, all of them."""

from __future__ import annotations

import dns.resolver
import pytest

from digest import mx
from digest.mx import Domains
from tests.nameserver import name_server

ZONE = {
    "mx.example.com": {"MX": "10 mail.example.com."},
    "host.example.com": {"A": "1.1.1.1"},
    "six.example.com": {"AAAA": "2606:4700::1"},
    "null.example.com": {"MX": "0 ."},
    "bare.example.com": {},
    "inside.example.com": {"A": "10.0.0.7"},
}


def test_a_domain_without_a_way_for_mail_is_dead() -> None:
    with name_server(ZONE) as resolver:
        asked = [*ZONE, "nowhere.example.com"]
        assert Domains(resolver).dead(asked) == {
            *("null.example.com", "bare.example.com", "inside.example.com", "nowhere.example.com")
        }


def test_no_answer_is_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mx, "PATIENCE", 0.3)
    with name_server(ZONE, silent="slow") as resolver:
        assert Domains(resolver).dead(["slow.example.com", "null.example.com"]) == {"null.example.com"}


def test_a_machine_without_dns_lets_everyone_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def unconfigured() -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", unconfigured)
    assert Domains().dead(["mx.example.com"]) == set()


def test_an_answer_is_asked_for_once() -> None:
    with name_server(ZONE) as resolver:
        asked = Domains(resolver)
        assert asked.dead(["mx.example.com", "mx.example.com"]) == set()
    assert asked.dead(["mx.example.com"]) == set()
