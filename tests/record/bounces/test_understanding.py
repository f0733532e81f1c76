"""Whole returned mails, and what is understood of them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.record import understand
from digest.replies import Kind
from tests.record.mails import TOKEN, complaint, mail, multipart, recipient, report


def told(raw: bytes) -> list[tuple[str, str]]:
    """The recipients and kinds that were understood."""
    return [(returned.address, returned.kind) for returned in understand(raw)]


def test_a_standard_report_tells_address_kind_status_reply_and_meaning() -> None:
    [anna] = understand(report(recipient("anna@example.com", diagnostic="550 5.1.1 User unknown")))
    assert (anna.address, anna.kind, anna.status) == ("anna@example.com", "hard", "5.1.1")
    assert (anna.reply, anna.meaning, anna.token) == ("550 5.1.1 User unknown", Kind.HARD, TOKEN)


def test_each_recipient_of_a_report_has_its_own_kind() -> None:
    raw = report(
        recipient("anna@example.com", diagnostic="550 5.1.1 User unknown"),
        recipient("bert@example.com", status="5.2.2", diagnostic="552 5.2.2 Mailbox full"),
        recipient("carl@example.com", action="delivered", status="2.0.0"),
    )
    assert told(raw) == [("anna@example.com", "hard"), ("bert@example.com", "soft")]


@pytest.mark.parametrize(
    ("status", "diagnostic", "kind", "meaning"),
    [
        ("5.1.1", "550 5.1.1 mailbox full", "soft", Kind.FULL),
        ("5.7.1", "550 5.7.1 Message refused, see http://blocked.example.net", "soft", Kind.POLICY),
        ("5.7.26", "550 5.7.26 This mail is unauthenticated", "soft", Kind.AUTHENTICATION),
        ("5.0.0", "550 No such user here", "hard", Kind.HARD),
        ("5.0.0", "550 go away", "soft", Kind.FAILED),
        ("5.1.2", "", "hard", Kind.HARD),
        ("4.4.7", "", "soft", Kind.TEMPORARY),
        ("4.2.2", "452 4.2.2 over quota", "soft", Kind.FULL),
    ],
)
def test_the_meaning_counts_not_the_number(status: str, diagnostic: str, kind: str, meaning: Kind) -> None:
    [anna] = understand(report(recipient("anna@example.com", status=status, diagnostic=diagnostic)))
    assert (anna.kind, anna.meaning) == (kind, meaning)


def test_where_the_report_says_nothing_the_words_beside_it_tell() -> None:
    said = "<anna@example.com>: host mx.example.com said: 550 user unknown (in reply to RCPT TO command)"
    assert told(report(recipient("anna@example.com", status="5.0.0"), told=said)) == [
        ("anna@example.com", "hard")
    ]


def test_a_user_unknown_after_the_text_was_sent_is_a_filter_speaking() -> None:
    said = "host mx.example.com said: 550 Unknown user (in reply to end of DATA command)"
    raw = report(recipient("anna@example.com", status="5.2.0", diagnostic="550 Unknown user"), told=said)
    assert told(raw) == [("anna@example.com", "soft")]


def test_a_mail_still_being_tried_is_soft_whatever_its_number() -> None:
    raw = report(recipient("anna@example.com", action="delayed", status="5.1.1"))
    assert told(raw) == [("anna@example.com", "soft")]


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_nothing(action: str) -> None:
    assert understand(report(recipient("anna@example.com", action=action, status="2.1.5"))) == ()


def test_a_report_without_an_address_is_filled_from_the_words() -> None:
    said = "   ----- The following addresses had permanent fatal errors -----\n<anna@example.com>\n"
    raw = report("Final-Recipient: rfc822; @gateway.example.com\nAction: failed\nStatus: 5.1.2", told=said)
    assert told(raw) == [("anna@example.com", "hard")]


def test_a_complaint_is_a_complaint() -> None:
    [anna] = understand(complaint("abuse", "Original-Rcpt-To: anna@example.com"))
    assert (anna.address, anna.kind, anna.token) == ("anna@example.com", "complaint", TOKEN)


@pytest.mark.parametrize("kind", ["auth-failure", "not-spam", "something-new"])
def test_other_feedback_is_nothing(kind: str) -> None:
    assert understand(complaint(kind, "Original-Rcpt-To: anna@example.com")) == ()


def test_a_report_wrapped_by_a_gateway_is_found() -> None:
    inner = report(recipient("anna@example.com")).decode()
    raw = multipart(
        "Content-Type: text/plain\n\nSee below.", f"Content-Type: message/rfc822\n\n{inner}", kind="mixed"
    )
    assert told(raw) == [("anna@example.com", "hard")]


def test_a_persons_own_bounce_shown_to_us_is_nothing() -> None:
    inner = report(recipient("anna@example.com")).decode()
    raw = multipart(
        "Content-Type: text/plain\n\nWhat is this?", f"Content-Type: message/rfc822\n\n{inner}", kind="mixed"
    )
    raw = raw.replace(b"From: MAILER-DAEMON@mx.example.net", b"From: Bert <bert@example.com>")
    assert understand(raw.replace(b"Returned mail", b"A question", 1)) == ()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (
            mail(
                "I am away until Monday.", subject="Automatic reply: News", sender="Bert <bert@example.com>"
            ),
            "away",
        ),
        (mail("Ich bin nicht da.", subject="Abwesenheitsnotiz", sender="bert@example.com"), "away, German"),
        (
            mail(
                "not delivered to\n<anna@example.com>",
                sender="b@example.com",
                head="List-Id: <x.example.com>\n",
            ),
            "a list",
        ),
        (
            mail(
                "Look:\n<anna@example.com>:\nuser unknown",
                subject="Fwd: failure notice",
                sender="b@example.com",
            ),
            "fwd",
        ),
        (
            mail("Users over quota: anna@example.com", subject="Statistics", sender="postmaster@example.com"),
            "numbers",
        ),
        (
            mail("Three mails wait for you.", subject="Quarantine", sender="MAILER-DAEMON@example.com"),
            "quarantine",
        ),
        (
            mail("Why do bounces say 550 user unknown?", subject="A question", sender="b@example.com"),
            "a question",
        ),
        (b"", "nothing"),
        (b"\x00\xff\xfe" * 1000, "no mail"),
    ],
)
def test_what_is_no_returned_mail_is_nothing(raw: bytes, why: str) -> None:
    assert understand(raw) == (), why


def test_a_mail_that_came_back_without_naming_anyone_is_still_one() -> None:
    [somebody] = understand(mail("Your message could not be delivered."))
    assert (somebody.address, somebody.kind, somebody.token) == ("", "soft", TOKEN)


def test_only_the_first_fifty_recipients_of_a_mail_are_told() -> None:
    raw = report(*(recipient(f"reader{n}@example.com") for n in range(200)))
    assert len(understand(raw)) == 50


KINDS = {"hard", "soft", "complaint"}


@given(st.binary(max_size=3000))
def test_any_bytes_are_survived(raw: bytes) -> None:
    assert {returned.kind for returned in understand(raw)} <= KINDS


@given(seed=st.integers(0, 2**32))
def test_any_damage_is_survived(seed: int) -> None:
    rng = random.Random(seed)
    raw = bytearray(report(recipient("anna@example.com", diagnostic="550 5.1.1 User unknown")))
    for _ in range(rng.randint(1, 20)):
        at = rng.randrange(len(raw))
        raw[at : at + rng.randint(0, 30)] = rng.choice(
            [b"", b"\n\n", b"\0", b"--=_inner", b'"', b"=?utf-8?b?", b";" * 99]
        )
    assert {returned.kind for returned in understand(bytes(raw))} <= KINDS
