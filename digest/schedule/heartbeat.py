"""Who watches the watcher: an address elsewhere, asked as long as all is well, that misses us if not."""

from __future__ import annotations

from digest.logs import event

SECONDS = 10


async def beat(url: str) -> bool:
    """Ask the address once; False, and an event, where it does not answer with success."""
    import httpx2

    try:
        async with httpx2.AsyncClient(timeout=SECONDS) as client:
            (await client.get(url)).raise_for_status()
    except httpx2.HTTPError as error:
        # Its own words may hold the address, which is as good as a key.
        answer = getattr(error, "response", None)
        reason = f"status {answer.status_code}" if answer is not None else type(error).__name__
        event("heartbeat.failed", wrong=True, reason=reason)
        return False
    return True
