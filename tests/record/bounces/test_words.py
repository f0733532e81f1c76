"""Who writes, whether it came back, and where the returned mail begins."""

from __future__ import annotations

import pytest

from digest.model import Stage
from digest.record.bounces.mail import read
from digest.record.bounces.report import Event
from digest.record.bounces.words import (
    account,
    event,
    from_a_mail_system,
    says_it_came_back,
    something_else,
    stage,
)
from tests.record.mails import mail

GONE = "Your message could not be delivered."


@pytest.mark.parametrize(
    ("sender", "system"),
    [
        ("Mail Delivery Subsystem <mailer-daemon@example.net>", True),
        ("MAILER-DAEMON@example.net (Mail Delivery System)", True),
        ('"System Administrator" <postmaster@example.net>', True),
        ("<>", True),
        ("Anna <anna@smtp.example.net>", False),
        ("Anna Root <anna.root@example.net>", False),
    ],
)
def test_a_mail_system_is_known_by_name_or_local_part(sender: str, system: bool) -> None:
    assert from_a_mail_system(read(mail(GONE, sender=sender))) is system


@pytest.mark.parametrize(
    ("sender", "subject", "text", "back"),
    [
        ("postmaster@example.net", "Hello", GONE, True),
        ("postmaster@example.net", "Undeliverable: News", "See attachment.", True),
        ("postmaster@example.net", "Statistics", "Over quota: anna@example.com", False),
        ("gateway@example.net", "Undeliverable: News", GONE, True),
        ("gateway@example.net", "Undeliverable: News", "See attachment.", False),
        ("gateway@example.net", "Hello", GONE, False),
    ],
)
def test_a_mail_system_needs_one_clue_and_anyone_else_two(
    sender: str, subject: str, text: str, back: bool
) -> None:
    assert says_it_came_back(account(read(mail(text, sender=sender, subject=subject)))) is back


@pytest.mark.parametrize(
    ("subject", "text", "back"),
    [
        ("Successful Mail Delivery Report", "Your message was delivered.", False),
        ("Delivery report", "Your message was successfully relayed.", False),
        ("Delivery report", "See attachment.", True),
        ("Delivery report", "It was delivered to the gateway, but could not be delivered to anna.", True),
    ],
)
def test_a_report_of_success_did_not_come_back(subject: str, text: str, back: bool) -> None:
    assert says_it_came_back(account(read(mail(text, subject=subject)))) is back


@pytest.mark.parametrize(
    ("subject", "head", "other"),
    [
        ("Re: News", "", True),
        ("WG: Unzustellbar", "", True),
        ("Automatic reply: News", "", True),
        ("Réponse automatique", "", True),
        ("自動返信: News", "", True),
        ("Undeliverable: News", "List-Id: <list.example.net>\n", True),
        ("Daily quarantine summary", "", True),
        ("Regarding: News", "", False),
        ("Undeliverable: News", "", False),
    ],
)
def test_persons_lists_and_notices_are_known(subject: str, head: str, other: bool) -> None:
    assert something_else(read(mail(GONE, sender="anna@example.com", subject=subject, head=head))) is other


@pytest.mark.parametrize(
    "line",
    [
        "------ This is a copy of the message, including all the headers. ------",
        "--- Below this line is a copy of the message.",
        "   ----- Original message follows -----",
        "Original message headers:",
        "Return-Path: <news@example.org>",
    ],
)
def test_the_returned_mail_begins_at_a_marker(line: str) -> None:
    told = account(read(mail(f"{GONE}\n\n{line}\n\nTo: anna@example.com")))
    assert told.own.strip() == GONE
    assert "anna@example.com" in told.returned


def test_words_that_it_is_still_tried_make_a_delay() -> None:
    assert event(account(read(mail("Your message has not yet been delivered.")))) is Event.DELAYED
    assert event(account(read(mail(GONE)))) is Event.FAILED


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("550 no (in reply to RCPT TO command)", Stage.RCPT),
        ("SMTP error after RCPT TO:<anna@example.com>", Stage.RCPT),
        ("550 no (in reply to end of DATA command)", Stage.DOT),
        (">>> DATA\n<<< 550 no", Stage.DOT),
        ("550 no", None),
    ],
)
def test_the_step_of_the_refusal(text: str, step: Stage | None) -> None:
    assert stage(text) is step
