"""Whether an edition's links lead anywhere, asked before readers do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Protocol

from digest.collect.answer import Fetched, declined
from digest.errors import SourceError
from digest.model import Edition, Role
from digest.steps.service import Service

# A site that refuses robots (401, 403, 405, 429) may well let readers in.
GONE = (404, 410)


class Asker(Protocol):
    """The network as collecting sees it. Raises SourceError where no answer came."""

    async def get(self, url: str, *, allow_private: bool = False) -> Fetched: ...


async def dead_links(service: Service, web: Asker, edition: Edition) -> dict[str, str]:
    """The addresses of stories and of the main picture that lead nowhere, each with the reason."""
    private = {source.name: source.allow_private for source in service.sources}

    async def reason(url: str, source: str) -> str:
        try:
            answer = await web.get(url, allow_private=private.get(source, False))
        except SourceError as error:
            return str(error)
        return str(declined(answer)) if answer.status in GONE or answer.status >= 500 else ""

    asked = dict(_addresses(edition))
    reasons = await asyncio.gather(*(reason(url, source) for url, source in asked.items()))
    return {url: why for url, why in zip(asked, reasons, strict=True) if why}


def _addresses(edition: Edition) -> Iterator[tuple[str, str]]:
    """Each address, with the source it came from."""
    for item in edition.items:
        picture = item.story.picture
        shown = [item.story.url, picture.url if picture and item.role is Role.LEAD else ""]
        yield from ((url, item.story.source) for url in shown if url.startswith("http"))
