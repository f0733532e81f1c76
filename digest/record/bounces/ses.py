"""What Amazon SES notifies (SNS, by mail or by web hook): one JSON document a bounce or complaint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from digest.record.bounces.mail import Mail
from digest.record.bounces.report import Event, Finding

NO_TROUBLE = {"not-spam", "auth-failure"}


def is_notification(mail: Mail) -> bool:
    return "x-amz-sns-message-id" in mail.head


def findings(mail: Mail) -> list[Finding]:
    """The recipients of a notification that SNS sent as a mail."""
    # The mail wraps its one line of JSON, in strings, too.
    start = mail.text.find("{")
    decoder = json.JSONDecoder(strict=False)
    try:
        document, _ = decoder.raw_decode(mail.text.replace("\n", ""), start)
        return notified(decoder.decode(document["Message"]) if "Message" in document else document)
    except (ValueError, LookupError, TypeError, AttributeError):  # not JSON, or not of the form SES documents
        return []


def notified(document: Mapping[str, Any]) -> list[Finding]:
    """The recipients of one notification (`notificationType`) or event (`eventType`), decoded from JSON."""
    kind = document.get("notificationType") or document.get("eventType")
    if kind == "Bounce":
        bounce = document["bounce"]
        return [bounced(bounce, recipient) for recipient in bounce["bouncedRecipients"]]
    if kind == "Complaint" and document["complaint"].get("complaintFeedbackType") not in NO_TROUBLE:
        recipients = document["complaint"]["complainedRecipients"]
        return [Finding(r["emailAddress"], Event.COMPLAINED, reply="abuse") for r in recipients]
    return []


def bounced(bounce: Mapping[str, Any], recipient: Mapping[str, Any]) -> Finding:
    """A bounce; where SES gives no status, its own word Permanent means the address is to be removed."""
    permanent = bounce.get("bounceType") == "Permanent"
    status = recipient.get("status") or ("5.1.1" if permanent else "4.0.0")
    reply = recipient.get("diagnosticCode") or f"{bounce.get('bounceType')} {bounce.get('bounceSubType')}"
    return Finding(recipient["emailAddress"], Event.FAILED, status, reply)
