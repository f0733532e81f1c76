from __future__ import annotations

import pytest

from digest.deliver.envelope import Features, Uncarriable, envelope, original
from digest.model import Letter

LETTER = Letter(1, 1, "reader@example.com", b"\x01\xff", "", 77, 0, 0)
BARE = Features()
ALL = Features(dsn=True, smtputf8=True, size=1000)


def lines(address: str, features: Features) -> list[str]:
    return envelope("b@example.com", LETTER._replace(address=address), 500, features).decode().split("\r\n")


def test_the_envelope_says_what_the_server_understands() -> None:
    assert lines("reader@example.com", BARE) == [
        "MAIL FROM:<b@example.com>",
        "RCPT TO:<reader@example.com>",
        "DATA",
        "",
    ]
    assert lines("bücher@example.com", ALL) == [
        "MAIL FROM:<b@example.com> SIZE=500 RET=HDRS ENVID=01ff.77 SMTPUTF8",
        "RCPT TO:<bücher@example.com> NOTIFY=FAILURE,DELAY ORCPT=utf-8;b\\x{FC}cher@example.com",
        "DATA",
        "",
    ]


CARRIED = [
    ("reader@example.com", "reader@example.com", False),
    ("first.last+tag@example.com", "first.last+tag@example.com", False),
    ('"a b"@example.com', '"a b"@example.com', False),
    ("reader@bücher.example", "reader@xn--bcher-kva.example", False),
    ("bücher@example.com", "bücher@example.com", True),
    ("reader@[192.0.2.1]", "reader@[192.0.2.1]", False),
]


@pytest.mark.parametrize(("address", "carried", "utf8"), CARRIED)
def test_addresses_as_they_are_carried(address: str, carried: str, utf8: bool) -> None:
    mail, rcpt, *_ = lines(address, Features(smtputf8=True))
    assert (rcpt, mail.endswith(" SMTPUTF8")) == (f"RCPT TO:<{carried}>", utf8)


REFUSED = [
    ("a@example.com>\r\nRCPT TO:<evil@example.net", "5.1.3"),
    ("a@example.com\n", "5.1.2"),
    ("a b@example.com", "5.1.3"),
    ("a@b@example.com", "5.1.3"),
    ("no at sign", "5.1.3"),
    ("@example.com", "5.1.3"),
    ("a@", "5.1.2"),
    ("a@exa mple.com", "5.1.2"),
    ("a\0@example.com", "5.1.3"),
    (65 * "a" + "@example.com", "5.1.3"),
    ("a@" + 60 * "long." + "example.com", "5.1.3"),
    ("bücher@example.com", "5.6.7"),
]


@pytest.mark.parametrize(("address", "status"), REFUSED)
def test_addresses_that_smtp_cannot_carry(address: str, status: str) -> None:
    with pytest.raises(Uncarriable) as refused:
        lines(address, BARE)
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("address", "carried"),
    [
        ("reader@example.com", "rfc822;reader@example.com"),
        ("a+b=c@example.com", "rfc822;a+2Bb+3Dc@example.com"),
        ('"a b"@example.com', 'rfc822;"a+20b"@example.com'),
        ("bücher@example.com", "utf-8;b\\x{FC}cher@example.com"),
    ],
)
def test_the_original_recipient(address: str, carried: str) -> None:
    assert original(address) == carried


def test_what_an_ehlo_answer_tells() -> None:
    assert Features.of({"dsn": "", "size": "1000", "smtputf8": ""}) == ALL
    assert Features.of({"size": ""}).size == 0
    assert Features.of({}) == BARE
