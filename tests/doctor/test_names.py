"""What the DNS must say of a sender's domain, and the record to publish where it does not."""

from __future__ import annotations

import pytest

from digest.deliver.dkim import Record
from digest.doctor import names
from digest.doctor.finding import Level

RELAY = "smtp.paper.ie"
NAME, KEY = "digest._domainkey.paper.ie", "v=DKIM1; k=ed25519; p=abc/def+g="


def test_a_domain_without_spf_is_told_the_record_to_publish() -> None:
    told = names.spf("paper.ie", ("google-site-verification=x",), RELAY, ())
    assert told.level is Level.ERROR
    assert told.cure == f'publish: paper.ie. TXT "v=spf1 a:{RELAY} ~all"'


@pytest.mark.parametrize(
    ("relay", "term"), [("192.0.2.7", "ip4:192.0.2.7"), ("2001:db8::7", "ip6:2001:db8::7"), ("", "mx")]
)
def test_a_relay_without_a_name_has_a_term_too(relay: str, term: str) -> None:
    assert names.spf("paper.ie", (), relay, ()).cure == f'publish: paper.ie. TXT "v=spf1 {term} ~all"'


def test_a_known_carrier_has_its_own_term() -> None:
    told = names.spf("paper.ie", (), "email-smtp.eu-west-1.amazonaws.com", ())
    assert told.cure == 'publish: paper.ie. TXT "v=spf1 include:amazonses.com ~all"'


@pytest.mark.parametrize("relay", ["mail.notgmail.com", "mygmail.com"])
def test_a_relay_whose_name_only_ends_like_a_carriers_is_none(relay: str) -> None:
    assert names.spf("paper.ie", (), relay, ()).cure == f'publish: paper.ie. TXT "v=spf1 a:{relay} ~all"'
    assert not names.is_carrier(relay)
    assert names.is_carrier("smtp.gmail.com")


def test_a_long_record_is_told_in_strings_that_dns_can_hold() -> None:
    cure = names.dkim(Record(NAME, f"v=DKIM1; k=rsa; p={'A' * 392}"), ()).cure
    strings = cure.split('"')[1::2]
    assert [len(one) for one in strings] == [255, 155]


@pytest.mark.parametrize(
    ("records", "level", "said"),
    [
        (("v=spf1 a:smtp.paper.ie -all",), Level.OK, "v=spf1"),
        (("v=spf1 ip4:192.0.2.7 ~all",), Level.OK, "v=spf1"),
        (("v=spf1 ip4:192.0.2.99 ~all",), Level.WARNING, "does not name smtp.paper.ie"),
        (("v=spf1 a:smtp.paper.ie +all",), Level.ERROR, "lets everybody"),
        (("v=spf1 a:smtp.paper.ie all",), Level.ERROR, "lets everybody"),
        (("v=spf1 mx -all", "v=spf1 a -all"), Level.ERROR, "2 SPF records"),
        (("v=spf1 " + "include:x.ie " * 11 + "~all",), Level.ERROR, "11 lookups"),
        (None, Level.WARNING, "no name server answered"),
    ],
)
def test_spf(records: tuple[str, ...] | None, level: Level, said: str) -> None:
    told = names.spf("paper.ie", records, RELAY, ("192.0.2.7",))
    assert told.level is level
    assert said in told.said


def test_a_record_that_lacks_the_relay_is_given_back_with_it() -> None:
    told = names.spf("paper.ie", ("v=spf1 mx -all",), RELAY, ())
    assert told.cure == f'publish: paper.ie. TXT "v=spf1 a:{RELAY} mx -all"'


@pytest.mark.parametrize(
    ("texts", "level"),
    [
        ((KEY,), Level.OK),
        (("v=DKIM1;p=abc/de f+g=",), Level.OK),
        ((), Level.ERROR),
        (("v=DKIM1; p=other",), Level.ERROR),
        (None, Level.WARNING),
    ],
)
def test_the_published_key_is_the_one_we_sign_with(texts: tuple[str, ...] | None, level: Level) -> None:
    told = names.dkim(Record(NAME, KEY), texts)
    assert told.level is level
    if level is Level.ERROR:
        assert told.cure == f'publish: {NAME}. TXT "{KEY}"'


@pytest.mark.parametrize(
    ("texts", "level"),
    [
        (("v=DMARC1; p=none; rua=mailto:dmarc@paper.ie",), Level.OK),
        (("v=DMARC1; p=sometimes",), Level.ERROR),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), Level.ERROR),
        (None, Level.WARNING),
    ],
)
def test_dmarc(texts: tuple[str, ...] | None, level: Level) -> None:
    assert names.dmarc("paper.ie", texts).level is level


def test_the_dmarc_record_to_publish_sends_its_reports_to_the_operator() -> None:
    cure = names.dmarc("paper.ie", (), "post@paper.ie").cure
    assert cure == 'publish: _dmarc.paper.ie. TXT "v=DMARC1; p=none; rua=mailto:post@paper.ie"'
    assert "rua" not in names.dmarc("paper.ie", (), "post@elsewhere.ie").cure


@pytest.mark.parametrize(
    ("servers", "hosts", "level"),
    [
        (("10 mail.paper.ie",), (), Level.OK),
        ((), ("192.0.2.7",), Level.WARNING),
        ((), (), Level.ERROR),
        (("0 ",), ("192.0.2.7",), Level.ERROR),
        (None, None, Level.WARNING),
    ],
)
def test_replies_can_arrive(
    servers: tuple[str, ...] | None, hosts: tuple[str, ...] | None, level: Level
) -> None:
    assert names.mx("paper.ie", servers, hosts).level is level


@pytest.mark.parametrize(
    ("found", "back", "level"),
    [
        (("smtp.paper.ie",), ("192.0.2.7",), Level.OK),
        (("host-7.isp.ie",), (), Level.WARNING),
        ((), (), Level.ERROR),
        (None, (), Level.WARNING),
    ],
)
def test_the_sending_address_has_a_name_that_leads_back(
    found: tuple[str, ...] | None, back: tuple[str, ...], level: Level
) -> None:
    assert names.ptr(RELAY, "192.0.2.7", found, back).level is level
