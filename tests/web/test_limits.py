"""Who counts as one, and how much is let through."""

from __future__ import annotations

import pytest

from digest.addresses import accept
from digest.web.limits import Limits, mailbox, network


@pytest.mark.parametrize(
    "typed",
    ["victim@gmail.com", "v.i.c.t.i.m@gmail.com", "Victim+1@gmail.com", "v.ictim+news@GoogleMail.com"],
)
def test_variants_of_one_box_count_as_one(typed: str) -> None:
    assert mailbox(accept(typed)) == "victim@gmail.com"


def test_other_boxes_count_for_themselves() -> None:
    names = ("ada@example.com", "ada@example.org", "adam@example.com")
    assert len({mailbox(accept(name)) for name in names}) == 3


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_one_customer_of_a_provider_counts_as_one(client: str, counted: str) -> None:
    assert network(client) == counted


def test_a_domain_of_millions_may_have_more_readers_in_an_hour() -> None:
    small, large = (
        {rule.key: rule.most for rule in Limits().mailing(accept(address), "box")}
        for address in ("ada@example.com", "ada@gmail.com")
    )
    assert small["domain:example.com"] < large["domain:gmail.com"]
