"""docs/sources.md tells every kind of source and every key."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from digest.collect.storyjson import COLUMNS, IMAGE_KEYS, KEYS
from digest.model import Source

DOC = (Path(__file__).parents[2] / "docs" / "sources.md").read_text()
CODE = set(re.findall(r"[\w.]+", " ".join(re.findall(r"```.*?```|`[^`]+`", DOC, re.DOTALL))))


def test_every_key_of_a_source_is_told() -> None:
    assert {field.name for field in fields(Source)} <= CODE


def test_every_key_of_a_story_is_told() -> None:
    assert {*KEYS, *IMAGE_KEYS, *COLUMNS} <= CODE


def test_every_kind_of_source_has_its_section() -> None:
    kinds = {"feed", "pages", "sitemap", "sql", "push", "files"}
    assert kinds <= set(re.findall(r"^## (\w+)$", DOC, re.MULTILINE))
    assert kinds == set(re.findall(r'^kind = "(\w+)"$', DOC, re.MULTILINE))
