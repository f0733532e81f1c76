"""Postmark signs nothing: the hook's address carries a password, https://any:PASSWORD@host/hooks/postmark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digest.model import ProviderNotice
from digest.record.bounces.report import Finding
from digest.record.providers.hook import Request, check_password, complained, dead, delayed, failed, notices

DEAD = {"HardBounce", "BadEmailAddress"}
FAILED = {"SoftBounce", "DnsError", "Unknown", "Blocked", "SpamNotification", "DMARCPolicy"}


async def read(request: Request) -> list[ProviderNotice]:
    """The notices of one request. Raises Refused; ValueError, LookupError or TypeError for another form."""
    check_password(request)
    event = request.json()
    finding = _finding(event)
    return notices("postmark", [(event, finding)] if finding else [])


def _finding(event: Mapping[str, Any]) -> Finding | None:
    if event["RecordType"] == "SpamComplaint":
        return complained(event["Email"])
    if event["RecordType"] != "Bounce":
        return None
    kind, address = event["Type"], event["Email"]
    reply = str(event.get("Details") or event.get("Description") or "")
    if kind == "SpamComplaint":
        return complained(address)
    if kind == "Transient":
        return delayed(address, reply)
    return dead(address, reply) if kind in DEAD else failed(address, reply) if kind in FAILED else None
