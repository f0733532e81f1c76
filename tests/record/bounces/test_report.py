"""Fields of standard reports, right and wrong ones."""

from __future__ import annotations

import pytest

from digest.record.bounces.mail import read
from digest.record.bounces.report import (
    Event,
    delivery_status,
    feedback,
    mailbox,
    opted_out,
    original_recipients,
)
from tests.record.mails import complaint, mail, recipient, report


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("rfc822; anna@example.com", "anna@example.com"),
        ("RFC822;<anna@example.com>", "anna@example.com"),
        ("<anna@example.com>", "anna@example.com"),
        ("utf-8; änna@example.com", "änna@example.com"),
        ("rfc822; |/usr/bin/sort anna@example.com", "anna@example.com"),
        ("rfc822; anna@example.com.", "anna@example.com"),
        ("rfc822; @gateway.example.com", ""),
        ("x400; /G=Anna/S=Example/", ""),
        ("", ""),
    ],
)
def test_an_address_field_in_its_many_spellings(field: str, address: str) -> None:
    assert mailbox(field) == address


@pytest.mark.parametrize(
    ("action", "status", "event"),
    [
        ("failed", "5.1.1", Event.FAILED),
        ("Failed (user unknown)", "5.1.1", Event.FAILED),
        ("error", "5.0.0", Event.FAILED),
        ("delayed", "4.4.7", Event.DELAYED),
        ("", "5.1.1", Event.FAILED),
        ("", "2.0.0", None),
        ("delivered", "2.0.0", None),
        ("relayed", "5.0.0", None),
    ],
)
def test_the_action_tells_and_else_the_status(action: str, status: str, event: Event | None) -> None:
    found = delivery_status(read(report(recipient("anna@example.com", action=action, status=status))).reports)
    assert [finding.event for finding in found] == ([event] if event else [])


def test_the_final_recipient_comes_before_the_original_one() -> None:
    both = "Original-Recipient: rfc822; alias@example.com\n" + recipient("anna@example.com")
    assert [f.address for f in delivery_status(read(report(both)).reports)] == ["anna@example.com"]
    only = "Original-Recipient: rfc822; alias@example.com\nAction: failed\nStatus: 5.1.1"
    assert [f.address for f in delivery_status(read(report(only)).reports)] == ["alias@example.com"]


def test_every_named_reader_complained_once() -> None:
    raw = complaint(
        "abuse",
        "Original-Rcpt-To: <anna@example.com>",
        "Original-Rcpt-To: bert@example.com",
        "Removal-Recipient: anna@example.com",
    )
    assert [f.address for f in feedback(read(raw))] == ["anna@example.com", "bert@example.com"]


def test_a_complaint_without_a_recipient_is_the_returned_mails() -> None:
    assert [f.address for f in feedback(read(complaint("fraud")))] == ["anna@example.com"]


def test_a_complaint_about_nobody_known_is_still_one() -> None:
    raw = complaint("opt-out", original="From: news@example.org\nTo: undisclosed\n")
    assert [(f.address, f.event) for f in feedback(read(raw))] == [("", Event.COMPLAINED)]


def test_hotmails_complaints_are_known_by_their_header() -> None:
    original = "X-HmXmrOriginalRecipient: anna@example.com\nFrom: news@example.org\n"
    raw = report(original=original, told="complaint").replace(b"message/delivery-status", b"text/plain")
    assert [(f.address, f.event) for f in feedback(read(raw))] == [("anna@example.com", Event.COMPLAINED)]


def test_who_pressed_apple_mails_button_has_opted_out() -> None:
    wish = mail(
        "This mail was sent by a button.", sender="anna@example.com", head="X-Apple-Unsubscribe: true\n"
    )
    assert [(one.address, one.event) for one in opted_out(read(wish))] == [
        ("anna@example.com", Event.COMPLAINED)
    ]
    assert opted_out(read(mail("I would like to leave.", sender="anna@example.com"))) == []


def test_a_feedback_report_in_a_damaged_mail_is_read_from_its_text() -> None:
    raw = complaint("abuse", "Original-Rcpt-To: anna@example.com").replace(b'boundary="=_inner"', b"x=y")
    assert [f.address for f in feedback(read(raw))] == ["anna@example.com"]


def test_folded_address_lists_are_read_whole() -> None:
    head = (
        "From: news@example.org\nTo: Anna <anna@example.com>,\n Bert <bert@example.com>\nX: c@example.com\n"
    )
    assert original_recipients(head) == ["anna@example.com", "bert@example.com"]
