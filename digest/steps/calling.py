"""Events are told to others' servers: signed, tried again for days, each under one name.

Signatures are those of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id, time and body.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from digest.errors import SourceError
from digest.model import Call, Hook
from digest.ports import Incidents

FIRST_RETRY = timedelta(seconds=10)  # doubled each time
LONGEST_RETRY = timedelta(hours=6)
GIVE_UP = timedelta(days=3)  # after it happened


class Poster(Protocol):
    """Posts to checked addresses alone. Raises SourceError where there is no answer."""

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool = ...
    ) -> int: ...


class Hooks(Protocol):
    """Events for others' servers, each kept until it was taken there; see store/hooks.py."""

    def claim(self, now: datetime, limit: int = ...) -> Sequence[Call]: ...
    def taken(self, call: Call) -> None: ...
    def failed(self, call: Call, reply: str, next_at: datetime | None) -> None: ...


@dataclass(frozen=True)
class Calling:
    """What is needed to tell servers of events; the newest of the secrets first."""

    hooks: Sequence[Hook]
    waiting: Hooks
    incidents: Incidents
    secrets: Sequence[str]


async def call_hooks(calling: Calling, poster: Poster, now: datetime) -> int:
    """Send every event that is due, each server's in the order in which they happened; how many there were.

    A server that fails is not asked again in this round: its other events wait as if each had been tried.
    """
    calls = await asyncio.to_thread(calling.waiting.claim, now)
    servers = {call.url for call in calls}
    await asyncio.gather(
        *(_tell(calling, poster, url, [call for call in calls if call.url == url], now) for url in servers)
    )
    return len(calls)


async def _tell(calling: Calling, poster: Poster, url: str, calls: Sequence[Call], now: datetime) -> None:
    hook = next((hook for hook in calling.hooks if hook.url == url), None)
    reply = ""
    for call in calls:
        if hook is None:
            await asyncio.to_thread(calling.waiting.failed, call, "not configured any more", None)
            continue
        reply = reply or await _posted(calling, poster, hook, call, now)
        await asyncio.to_thread(_settle, calling, call, reply, now)


async def _posted(calling: Calling, poster: Poster, hook: Hook, call: Call, now: datetime) -> str:
    """Why it was not taken; "" where it was: with any 2xx."""
    body = body_of(call)
    headers = signed(calling.secrets, call.ref, now, body)
    try:
        status = await poster.post(hook.url, body, headers, allow_private=hook.allow_private)
    except SourceError as error:
        return str(error)
    return "" if 200 <= status < 300 else f"answered {status}"


def _settle(calling: Calling, call: Call, reply: str, now: datetime) -> None:
    key = f"hook:{call.url}"
    if not reply:
        calling.waiting.taken(call)
        calling.incidents.close(key, now)
        return
    next_at = now + min(FIRST_RETRY * 2**call.attempts, LONGEST_RETRY)
    if next_at > call.at + GIVE_UP:
        calling.waiting.failed(call, reply, None)
        text = f"The web hook {call.url} has taken nothing for three days, and events are lost to it: {reply}"
        calling.incidents.open(key, "web hook", text, now)
    else:
        calling.waiting.failed(call, reply, next_at)


def body_of(call: Call) -> bytes:
    """The JSON that is posted."""
    told = {
        "type": call.event,
        "timestamp": call.at.isoformat().replace("+00:00", "Z"),
        "data": json.loads(call.data),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def signed(secrets: Sequence[str], ref: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers of a call: one signature for each secret, so that secrets can be changed at leisure."""
    stamp = str(int(now.timestamp()))
    content = f"{ref}.{stamp}.".encode() + body
    signatures = (b64encode(hmac.digest(_key(one), content, hashlib.sha256)).decode() for one in secrets)
    return {
        "content-type": "application/json",
        "webhook-id": ref,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _key(secret: str) -> bytes:
    """A secret's bytes: base64 behind "whsec_", as the libraries have it, else the text itself."""
    return b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
