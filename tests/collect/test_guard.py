from __future__ import annotations

import ipaddress

import pytest

from digest.collect.guard import check_redirect, check_url, is_public
from digest.errors import Unsafe


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.0.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1"),
        *(
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
        ),
        *("::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"),
    ],
)
def test_addresses_that_only_this_machine_or_network_reaches(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_addresses_of_the_public_internet(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "gopher://example.com/",
            "ftp://example.com/",
            "data:text/xml,x",
            "//example.com/",
        ),
        *(
            "http:///x",
            "http://",
            "",
            "http://example.com:25/",
            "http://example.com:22/",
            "http://example.com:x/",
        ),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(Unsafe):
        check_url(url)


@pytest.mark.parametrize(
    "url", ["http://example.com/", "https://example.com:8443/a", "http://me:pw@example.com/"]
)
def test_addresses_of_the_web_pass(url: str) -> None:
    check_url(url)


def test_in_a_private_network_any_port_may_serve() -> None:
    check_url("http://intranet.example.com:81/", allow_private=True)
    with pytest.raises(Unsafe, match="port 81"):
        check_url("http://intranet.example.com:81/")


@pytest.mark.parametrize(
    ("origin", "target", "hop"),
    [
        ("https://example.com/", "http://example.com/", 1),
        ("http://example.com/", "http://me:pw@example.com/", 1),
        ("http://example.com/", "http://example.com/", 6),
    ],
    ids=["downgrade", "password", "too many"],
)
def test_redirects_that_are_not_followed(origin: str, target: str, hop: int) -> None:
    with pytest.raises(Unsafe):
        check_redirect(origin, target, hop)
