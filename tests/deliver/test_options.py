from __future__ import annotations

import pytest

from digest.deliver.options import Relay, Tls
from digest.errors import ConfigError

PARSED = [
    ("smtp://127.0.0.1:1025", ("127.0.0.1", 1025, Tls.NEVER)),
    ("smtp://[::1]:1025", ("::1", 1025, Tls.NEVER)),
    ("smtp://localhost", ("localhost", 25, Tls.NEVER)),
    ("smtp://mail.example.com", ("mail.example.com", 25, Tls.REQUIRED)),
    ("smtp://u:p@mail.example.com", ("mail.example.com", 587, Tls.REQUIRED)),
    ("smtps://mail.example.com", ("mail.example.com", 465, Tls.IMPLICIT)),
    ("smtp://mail.example.com?starttls=if-offered", ("mail.example.com", 25, Tls.IF_OFFERED)),
    ("smtp://127.0.0.1?starttls=required", ("127.0.0.1", 25, Tls.REQUIRED)),
]


@pytest.mark.parametrize(("url", "expected"), PARSED)
def test_addresses_of_relays(url: str, expected: tuple[str, int, Tls]) -> None:
    relay = Relay.parse(url)
    assert (relay.host, relay.port, relay.tls) == expected


def test_name_and_password_may_be_escaped_and_are_not_shown() -> None:
    relay = Relay.parse("smtps://news%40example.com:p%3As@mail.example.com", connections=3)
    assert (relay.username, relay.password, relay.connections) == ("news@example.com", "p:s", 3)
    assert "p:s" not in repr(relay)


@pytest.mark.parametrize(
    "url",
    ["http://mail.example.com", "mail.example.com", "smtp://", "smtp://h?tls=1", "smtp://h?starttls=maybe"],
)
def test_what_is_no_relay_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="smtp: url"):
        Relay.parse(url)


def test_an_error_does_not_tell_the_password() -> None:
    with pytest.raises(ConfigError) as refused:
        Relay.parse("ftp://news:hidden@mail.example.com")
    assert "hidden" not in str(refused.value)
