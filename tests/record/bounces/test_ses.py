"""Notifications of Amazon SES."""

from __future__ import annotations

import json
from typing import Any

import pytest

from digest.record import understand
from digest.record.bounces.report import Event
from digest.record.bounces.ses import notified
from tests.record.mails import TOKEN, mail

BOUNCE = {
    "notificationType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [
            {
                "emailAddress": "anna@example.com",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 user unknown",
            }
        ],
    },
    "mail": {"source": f"bounce+{TOKEN}@digest.example.org"},
}
COMPLAINT = {
    "eventType": "Complaint",
    "complaint": {"complainedRecipients": [{"emailAddress": "anna@example.com"}]},
}


def by_mail(document: object) -> bytes:
    text = json.dumps(document) + "\n\n--\nTo stop these mails write to anna@example.net"
    return mail(
        text, subject="AWS Notification", sender="no-reply@sns.example", head="x-amz-sns-message-id: 1\n"
    )


@pytest.mark.parametrize("document", [BOUNCE, {"Type": "Notification", "Message": json.dumps(BOUNCE)}])
def test_a_bounce_comes_by_mail_bare_or_in_an_envelope(document: object) -> None:
    [anna] = understand(by_mail(document))
    assert (anna.address, anna.kind, anna.status) == ("anna@example.com", "hard", "5.1.1")


def test_a_complaint_comes_by_mail() -> None:
    assert [(r.address, r.kind) for r in understand(by_mail(COMPLAINT))] == [
        ("anna@example.com", "complaint")
    ]


@pytest.mark.parametrize(
    "document", [{"notificationType": "Delivery"}, {"Message": 3}, {"notificationType": "Bounce"}, []]
)
def test_other_notifications_and_odd_ones_are_nothing(document: object) -> None:
    assert understand(by_mail(document)) == ()


def test_text_that_is_no_json_is_nothing() -> None:
    assert understand(mail("{ no", head="x-amz-sns-message-id: 1\n")) == ()


@pytest.mark.parametrize(("kind", "status"), [("Permanent", "5.1.1"), ("Transient", "4.0.0")])
def test_without_a_status_the_type_gives_it(kind: str, status: str) -> None:
    bounce = {"bounceType": kind, "bouncedRecipients": [{"emailAddress": "anna@example.com"}]}
    document: dict[str, Any] = {"notificationType": "Bounce", "bounce": bounce}
    assert [(f.event, f.status) for f in notified(document)] == [(Event.FAILED, status)]


def test_not_spam_is_no_complaint() -> None:
    complaint = {**COMPLAINT["complaint"], "complaintFeedbackType": "not-spam"}  # type: ignore[dict-item]  # a dict
    assert notified({"eventType": "Complaint", "complaint": complaint}) == []
