"""Settings become what the stages understand."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.deliver.options import DomainPace, Tls
from digest.errors import ConfigError
from digest.settings import check
from digest.wiring import delivery_options, relays

SMTP = {"url": "smtp://news@mail.example.com", "connections": 5, "password": "ferry", "user": "news"}


def test_relays_stand_beside_the_mail_server_with_their_own_weight_and_password(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("harbour\n", encoding="utf-8")
    second = {
        "url": "smtps://mail2.example.com",
        "weight": 0,
        "user": "digest",
        "password_file": "password",
        "mails_per_connection": 50,
        "pipelining": False,
    }
    first, stand_by = relays(check({"folder": tmp_path, "smtp": SMTP, "relays": [second]}, "test"))
    assert (first.name, first.username, first.password) == ("mail.example.com:587", "news", "ferry")
    assert (first.connections, first.weight, first.pipelining) == (5, 1, True)
    assert (stand_by.name, stand_by.tls, stand_by.weight) == ("mail2.example.com:465", Tls.IMPLICIT, 0)
    assert (stand_by.username, stand_by.password) == ("digest", "harbour")
    assert (stand_by.mails_per_connection, stand_by.pipelining) == (50, False)


def test_a_password_file_that_is_missing_is_named(tmp_path: Path) -> None:
    table = {"url": "smtp://mail.example.com", "user": "digest", "password_file": "password"}
    with pytest.raises(ConfigError, match=r"password_file: .*password cannot be read"):
        relays(check({"folder": tmp_path, "relays": [table]}, "test"))


def test_the_pace_of_a_domain_and_of_the_installation_reach_the_sender() -> None:
    pace = {"example.net": {"connections": 2, "rate": 0.5}}
    options = delivery_options(check({"smtp": {"rate": 7}, "pace": pace}, "test"))
    assert options.rate == 7
    assert options.domains == {"example.net": DomainPace(connections=2, rate=0.5)}
