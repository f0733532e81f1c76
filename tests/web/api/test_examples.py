"""The examples of docs/api.md and docs/hooks.md do what they are shown for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.model import Event, Scope
from digest.steps.calling import signed
from digest.web.api.app import RESOURCES
from tests.web.api.conftest import SOURCES
from tests.web.api.fuzzing import served
from tests.web.site import Newspaper, copy_of

DOCS = Path(__file__).parents[3] / "docs"


def example(page: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.mark.journey
def test_the_python_example_posts_a_story_and_subscribes_a_reader(prepared: Path, tmp_path: Path) -> None:
    paper = Newspaper(copy_of(prepared, tmp_path), tables={**SOURCES, "web": {"port": 0}})
    key = paper.app.keys.add("example", list(Scope), paper.clock())
    program = example("api.md", "python")
    with served(paper.app) as address:
        environ = {**os.environ, "DIGEST_KEY": key, "DIGEST_SITE": address.rstrip("/")}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False
        )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "{'new': 1, 'changed': 0, 'same': 0, 'problems': []}",
        "active",
        "['Harbour reopens after the storm'] None",
    ]
    assert paper.state("ada@example.com") == "active"
    paper.close()


def test_the_page_names_every_scope_and_every_resource() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    for name in (*Scope, *(f"/{resource.__name__.rpartition('.')[2]}" for resource in RESOURCES)):
        assert f"| `{name}` |" in text


def test_the_page_of_hooks_names_every_event() -> None:
    told = re.findall(r"^\| `([\w.]+)` \|", (DOCS / "hooks.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert told == list(Event)


def test_the_example_of_a_receiver_knows_us_from_others() -> None:
    names: dict[str, Any] = {}
    exec(example("hooks.md", "python"), names)
    is_genuine, now = names["is_genuine"], datetime.now(UTC)
    body = json.dumps({"type": "incident"}).encode()
    for secret in ("plain text", "whsec_c2VjcmV0IG9mIHR3ZW50eS1mb3VyIGJ5dGVz"):
        headers = signed(["another", secret], "msg_1", now, body)
        assert is_genuine(secret, headers, body)
        assert not is_genuine(secret, headers, body + b" ")
        assert not is_genuine("wrong", headers, body)
        assert not is_genuine(secret, {**headers, "webhook-id": "msg_2"}, body)
        assert not is_genuine(secret, signed([secret], "msg_1", now - timedelta(minutes=6), body), body)
