"""SendGrid signs time and body with a key of its own (ECDSA); the configuration names its public half."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from digest.model import ProviderNotice
from digest.record.bounces.report import Event, Finding
from digest.record.providers.hook import Refused, Request, complained, dead, delayed, notices

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIME = "x-twilio-email-event-webhook-timestamp"


async def read(request: Request) -> list[ProviderNotice]:
    """The notices of one request. Raises Refused; ValueError, LookupError or TypeError for another form."""
    _check(request)
    found = ((event, _finding(event)) for event in request.json())
    return notices("sendgrid", [(event, finding) for event, finding in found if finding])


def _check(request: Request) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(b64decode(request.secret))
    assert isinstance(key, EllipticCurvePublicKey)  # checked with the configuration
    try:
        signature = b64decode(request.headers.get(SIGNATURE, ""))
        key.verify(signature, request.headers.get(TIME, "").encode() + request.body, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        raise Refused from None


def _finding(event: Mapping[str, Any]) -> Finding | None:
    kind, address, reason = event["event"], str(event.get("email", "")), str(event.get("reason") or "")
    if kind == "spamreport" or (kind == "dropped" and reason == "Spam Reporting Address"):
        return complained(address)
    if kind == "dropped" and reason in {"Bounced Address", "Invalid"}:
        return dead(address, reason)
    if kind == "deferred":
        return delayed(address, str(event.get("response") or reason))
    if kind == "bounce":
        return Finding(address, Event.FAILED, str(event.get("status") or ""), reason)
    return None
