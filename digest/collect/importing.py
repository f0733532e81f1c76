"""Files given by hand, `digest import FILE...`: what a parser could choke on is parsed in a child process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import BinaryIO

from digest.collect.children import Children
from digest.collect.documents import WHOLE, WHOLE_KINDS, parse_whole
from digest.collect.files import parse_file
from digest.collect.harvest import Harvest, Summarise, with_leads


async def imported(
    name: str, stream: BinaryIO, children: Children, summarise: Summarise | None = None
) -> AsyncIterator[Harvest]:
    """The stories of one file in batches, as files.parse_file gives them, and with the same errors."""
    if PurePath(name).suffix.lower() in WHOLE_KINDS:
        yield await children.run(_read, name, stream.read(WHOLE + 1), summarise)
        return
    for batch in parse_file(name, stream):
        yield await children.run(with_leads, batch, summarise)


def _read(name: str, data: bytes, summarise: Summarise | None) -> Harvest:
    return with_leads(parse_whole(name, data), summarise)
