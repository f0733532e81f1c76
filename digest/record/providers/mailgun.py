"""Mailgun signs a time and a token with the account's signing key; each token is good once."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from digest.model import ProviderNotice
from digest.record.bounces.report import Finding
from digest.record.providers.hook import Refused, Request, complained, dead, delayed, failed, notices


async def read(request: Request) -> list[ProviderNotice]:
    """The notices of one request. Raises Refused; ValueError, LookupError or TypeError for another form."""
    told = request.json()
    signed = told["signature"]
    made = hmac.digest(request.secret.encode(), f"{signed['timestamp']}{signed['token']}".encode(), "sha256")
    if not hmac.compare_digest(made.hex(), str(signed["signature"])):
        raise Refused
    finding = _finding(told["event-data"])
    return notices("mailgun", [(signed["token"], finding)] if finding else [])


def _finding(event: Mapping[str, Any]) -> Finding | None:
    address, reason = str(event.get("recipient", "")), event.get("reason")
    status = event.get("delivery-status") or {}
    reply = " ".join(str(status.get(part) or "") for part in ("code", "message", "description")).strip()
    if event["event"] == "complained" or reason == "suppress-complaint":
        return complained(address)
    if event["event"] != "failed" or reason == "suppress-unsubscribe":
        return None
    if event.get("severity") == "temporary":
        return delayed(address, reply)
    # Mailgun's own list of the dead answers 605, which no server says.
    return dead(address, "suppressed by Mailgun") if reason == "suppress-bounce" else failed(address, reply)
