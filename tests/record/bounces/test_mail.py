"""Mails of every make, read within bounds."""

from __future__ import annotations

import pytest

from digest.record.bounces.mail import MOST_BYTES, MOST_TEXT, bounded, read
from tests.record.mails import ORIGINAL, mail, multipart, recipient, report


def test_headers_are_decoded_and_unfolded() -> None:
    raw = b"Subject: =?utf-8?q?Unzustellbar=3A?=\n =?iso-8859-1?q?_f=FCr_Anna?=\n\nhi"
    assert read(raw).header("subject") == "Unzustellbar: für Anna"
    assert read(raw).header("x-none") == ""


def test_a_damaged_encoded_word_stays_as_it_is() -> None:
    assert read(b"Subject: =?utf-8?b?a?=\n\nhi").header("subject") == "=?utf-8?b?a?="


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("utf-8", "für".encode(), "für"),
        ("iso-8859-1", "für".encode("latin-1"), "für"),
        ("iso-2022-jp", "宛先不明".encode("iso-2022-jp"), "宛先不明"),
        ("nonsense", "für".encode(), "für"),
        ("punycode", b"fr-kva", "fr-kva"),
        ("utf-8", b"f\xfcr", "für"),
    ],
)
def test_text_is_read_in_any_charset(charset: str, body: bytes, text: str) -> None:
    raw = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode() + body
    assert read(raw).text == text


@pytest.mark.parametrize("charset", ["charset*=utf-8''punycode", "charset=punycode", 'charset="'])
def test_a_charset_meant_to_harm_is_not_used(charset: str) -> None:
    head = f"Content-Type: text/plain; {charset}\nContent-Transfer-Encoding: 8bit\n\n".encode()
    assert read(head + "für".encode() * 20_000).text.startswith("fürfür")


def test_html_is_read_where_there_is_no_plain_text() -> None:
    raw = b"Content-Type: text/html\n\n<p>Not delivered to<br>&lt;anna@example.com&gt;</p>"
    assert read(raw).text.split() == ["Not", "delivered", "to", "<anna@example.com>"]
    plain, page = "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<b>page</b>"
    assert read(multipart(plain, page, kind="alternative")).text.strip() == "plain"


def test_the_returned_mails_headers_are_kept_and_its_text_is_not() -> None:
    got = read(report(recipient("anna@example.com"), told="Not delivered."))
    assert got.original.splitlines() == ORIGINAL.splitlines()
    assert got.text.strip() == "Not delivered."


def test_headers_alone_may_come_back() -> None:
    raw = multipart("Content-Type: text/plain\n\nNo.", f"Content-Type: text/rfc822-headers\n\n{ORIGINAL}")
    assert "To: anna@example.com" in read(raw).original


def test_an_international_report_has_its_blocks_parted() -> None:
    blocks = (
        "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: utf-8; änna@example.com\nAction: failed\n"
    )
    got = read(multipart(f"Content-Type: message/global-delivery-status\n\n{blocks}"))
    assert [set(block) for block in got.reports] == [{"reporting-mta"}, {"final-recipient", "action"}]


def test_a_multipart_without_its_parts_is_text() -> None:
    raw = b'Content-Type: multipart/report; boundary="gone"\n\nNot delivered.'
    assert read(raw).text == "Not delivered."


@pytest.mark.parametrize(
    "raw",
    [
        mail("a" * 3_000_000),
        mail("\n" * 3_000_000),
        mail("a@" * 1_500_000),
        b"X-Long: " + b"b" * 3_000_000 + b"\n\nhi",
        b"Content-Type: multipart/mixed" + b';"' * 500_000 + b"\n\nhi",
        b"Content-Type: message/rfc822\n\n" * 20_000,
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(5000)),
        b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 200_000,
        b"Content-Type: text/html\n\n" + b"<" * 1_000_000,
    ],
    ids=["line", "lines", "ats", "header", "parameters", "nested", "boundaries", "parts", "tags"],
)
def test_a_mail_that_is_too_much_is_cut(raw: bytes) -> None:
    assert len(bounded(raw)) <= MOST_BYTES
    got = read(raw)
    assert len(got.text) <= MOST_TEXT
    assert all(len(value) <= 4000 for values in got.head.values() for value in values)
