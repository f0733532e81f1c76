"""Requests that nobody would think of, made by schemathesis from the API's own document, to a real server."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import hypothesis
import requests
from hypothesis import HealthCheck, Phase
from hypothesis.strategies import SearchStrategy

from digest.model import Scope
from digest.web.api.app import create
from digest.web.api.docs import described
from digest.web.server import serving
from digest.wiring import App
from tests.web.site import Newspaper

PATIENCE = 60  # seconds; a busy machine is no error of the server's
MODES = ("positive", "negative")


@contextmanager
def served(app: App) -> Iterator[str]:
    """The address of this app's pages, served by a thread of their own."""
    ready, over = threading.Event(), asyncio.Event()
    told: dict[str, Any] = {}

    async def serve() -> None:
        told["loop"] = asyncio.get_running_loop()
        async with serving(app) as address:
            told["address"] = address
            ready.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    try:
        yield told["address"]
    finally:
        told["loop"].call_soon_threadsafe(over.set)
        thread.join()


def fuzz(
    document: dict[str, Any], address: str, key: str, calls: int, subscriber: str, modes: Sequence[str]
) -> Counter[tuple[str, int]]:
    """The answers by operation and status: an equal share of the calls for each operation and mode.

    `subscriber` is the id of one that is there: nobody guesses it.
    """
    import schemathesis  # late: it takes every run of the tests half a second
    from schemathesis.core.result import Ok

    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    share = -(-calls // (len(operations) * len(modes)))
    answers: Counter[tuple[str, int]] = Counter()
    with requests.Session() as session:
        session.headers["authorization"] = f"Bearer {key}"
        call = _counting(answers, session, address)
        for operation, mode in product(operations, [schemathesis.GenerationMode(mode) for mode in modes]):
            known = {"subscriber": subscriber} if "{subscriber}" in operation.path else {}
            cases = operation.as_strategy(generation_mode=mode, path_parameters=known or None)
            _ask(cases, share, call)
    return answers


def _ask(cases: SearchStrategy[Any], calls: int, call: Callable[[Any], None]) -> None:
    """Hypothesis asks less often where it has tried all there is, and once more where it is in doubt."""
    settings = hypothesis.settings(
        max_examples=calls,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    settings(hypothesis.given(case=cases)(_named(call)))()


def _named(call: Callable[[Any], None]) -> Callable[..., None]:
    def ask(case: Any) -> None:
        call(case)

    return ask


def _counting(
    answers: Counter[tuple[str, int]], session: requests.Session, address: str
) -> Callable[[Any], None]:
    def call(case: Any) -> None:
        answer = case.call(base_url=f"{address}api", session=session, timeout=PATIENCE)
        answers[case.operation.label, answer.status_code] += 1
        assert answer.status_code < 500, f"{case.as_curl_command()}\n{answer.text}"
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/problem+json"], answer.headers

    return call


def fuzzed(folder: Path, calls: int, modes: Sequence[str] = MODES) -> Counter[tuple[str, int]]:
    """The answers of a newspaper with a reader, an edition and stories."""
    paper = Newspaper(folder, tables={"web": {"port": 0}, "sources": [{"name": "cms", "kind": "push"}]})
    reader = paper.reader("ada@example.com")
    paper.issue("harbour", "ferry")
    key = paper.app.keys.add("schemathesis", list(Scope), paper.clock())
    document = described(create(paper.site))
    try:
        with served(paper.app) as address:
            return fuzz(document, address, key, calls, reader.ref.hex(), modes)
    finally:
        paper.close()
