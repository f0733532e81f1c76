from __future__ import annotations

import io

import pytest

from digest.collect.children import Children
from digest.collect.importing import imported
from digest.errors import SourceError, UsageError
from digest.model import Document, Summary

pytestmark = pytest.mark.asyncio(loop_scope="module")


def summarised(document: Document) -> Summary:
    """Stands for the lead finder, which is a stage of its own."""
    return Summary(title="Ferry", lead=document.text, canonical="https://www.example.com/ferry?utm_source=x")


async def titles(name: str, data: bytes, children: Children) -> list[str]:
    return [
        item.found.title async for part in imported(name, io.BytesIO(data), children) for item in part.items
    ]


async def test_lines_and_whole_files_come_alike(children: Children) -> None:
    assert await titles("a.jsonl", b'{"title": "One", "id": "1"}\n', children) == ["One"]
    assert await titles(
        "a.xml", b"<rss><channel><item><title>Two</title></item></channel></rss>", children
    ) == ["Two"]


async def test_a_page_is_known_by_the_address_it_names_itself(children: Children) -> None:
    parts = [part async for part in imported("a.txt", io.BytesIO(b"Its lead."), children, summarised)]
    (item,) = parts[0].items
    assert (item.found.title, item.found.lead) == ("Ferry", "Its lead.")
    assert (item.found.identity, item.found.canonical) == ("www.example.com/ferry"[4:], "example.com/ferry")
    assert item.document is None


@pytest.mark.parametrize(("name", "error"), [("a.exe", UsageError), ("a.xml", SourceError)])
async def test_what_cannot_be_read_is_refused(name: str, error: type[Exception], children: Children) -> None:
    with pytest.raises(error):
        await titles(name, b"x", children)
