from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from digest.collect.children import Children
from tests.web.api.asking import Backend
from tests.web.site import Newspaper, copy_of

SOURCES = {"sources": [{"name": "cms", "kind": "push"}, {"name": "world", "url": "https://example.com/rss"}]}
P = ParamSpec("P")
T = TypeVar("T")


class Here(Children):
    """Parses in this process: a child takes a second to start; tests/collect/test_children.py has those."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)


@pytest.fixture
def backend(prepared: Path, tmp_path: Path) -> Iterator[Backend]:
    """A newspaper that is pushed to, and a program with a key to everything."""
    paper = Newspaper(copy_of(prepared, tmp_path), tables=SOURCES)
    paper.app.children = Here()
    yield Backend(paper)
    paper.close()
