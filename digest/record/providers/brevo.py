"""Brevo signs nothing: the hook is set up with a token (Bearer) or a password (Basic), and we compare it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digest.model import ProviderNotice
from digest.record.bounces.report import Finding
from digest.record.providers.hook import Request, check_password, complained, dead, delayed, failed, notices

DEAD = {"hard_bounce", "invalid_email"}


async def read(request: Request) -> list[ProviderNotice]:
    """The notices of one request. Raises Refused; ValueError, LookupError or TypeError for another form."""
    check_password(request)
    told = request.json()
    events = told if isinstance(told, list) else [told]
    found = ((event, _finding(event)) for event in events)
    return notices("brevo", [(event, finding) for event, finding in found if finding])


def _finding(event: Mapping[str, Any]) -> Finding | None:
    kind, address, reason = event["event"], str(event.get("email", "")), str(event.get("reason") or "")
    if kind == "spam":
        return complained(address)
    if kind in DEAD:
        return dead(address, reason)
    if kind == "soft_bounce":
        return failed(address, reason)
    return delayed(address, reason) if kind == "deferred" else None
