from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.api.asking import Backend
from tests.web.site import Newspaper, copy_of

SOURCES = {"sources": [{"name": "cms", "kind": "push"}, {"name": "world", "url": "https://example.com/rss"}]}


@pytest.fixture
async def backend(prepared: Path, tmp_path: Path) -> AsyncIterator[Backend]:
    """A newspaper that is pushed to, and a program with a key to everything."""
    paper = Newspaper(copy_of(prepared, tmp_path), tables=SOURCES)
    async with paper.app.children:
        yield Backend(paper)
    paper.close()
