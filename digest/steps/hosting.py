"""Pictures of the day's stories are fetched beside the collecting: no reader and no edition waits for one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from digest.collect.hosting import Hosted
from digest.errors import SourceError
from digest.model import Picture
from digest.steps.service import Service

PATIENCE = 60.0  # seconds for a round; what is not there by then is tried again
AT_ONCE = 8  # each may be 10 MB


class Host(Protocol):
    """Fetches a picture and makes it ready. Raises SourceError where it cannot be had or read."""

    async def host(self, picture: Picture, *, allow_private: bool) -> Hosted: ...


async def host_pictures(service: Service, hosting: Host, now: datetime) -> None:
    """Fetch the pictures that are wanted and due; one that fails is tried again later, three times in all."""
    places = asyncio.Semaphore(AT_ONCE)

    async def fetch(url: str, private: bool) -> None:
        async with places:
            try:
                hosted = await hosting.host(Picture(url), allow_private=private)
            except SourceError as error:
                service.pictures.failed(url, str(error))
            else:
                await asyncio.to_thread(service.pictures.keep, hosted.picture, hosted.jpeg)

    wanted = await asyncio.to_thread(service.pictures.claim, now)
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(fetch(*one) for one in wanted))
