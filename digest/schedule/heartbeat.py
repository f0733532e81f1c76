"""Who watches the watcher: an address elsewhere, asked as long as all is well, that misses us if not."""

from __future__ import annotations

import logging

SECONDS = 10

_log = logging.getLogger(__name__)


async def beat(url: str) -> bool:
    """Ask the address once; False, and a line in the log, where it does not answer with success."""
    import httpx2

    try:
        async with httpx2.AsyncClient(timeout=SECONDS) as client:
            (await client.get(url)).raise_for_status()
    except httpx2.HTTPError as error:
        _log.warning("the heartbeat was not heard: %s", error)
        return False
    return True
