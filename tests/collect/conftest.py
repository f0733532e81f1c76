"""A site, the network, child processes: on one event loop a module, since starting children is dear."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from digest.collect.children import Children
from digest.collect.http import Web
from tests.collect.site import Site, open_site


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    async with open_site() as site:
        yield site


@pytest_asyncio.fixture(loop_scope="module")
async def web() -> AsyncIterator[Web]:
    async with Web("MorningDigest/test (+https://www.example.com/bot)", pause=0) as web:
        yield web


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def children() -> AsyncIterator[Children]:
    async with Children(cores=1) as children:
        yield children
