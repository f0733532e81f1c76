"""The tree in digest/errors.py names every error there is, under its parent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from digest import errors

CLASS = re.compile(r"^class (\w+)\((\w+)\):", re.MULTILINE)
BRANCH = re.compile(r"^([│ ]*[├└]── )?(\w+) {2,}\S", re.MULTILINE)


def drawn() -> dict[str, int]:
    """Each error of the tree with its depth."""
    return {name: len(branch) // 4 for branch, name in BRANCH.findall(errors.__doc__ or "")}


def descended(parents: Mapping[str, str], root: str, depth: int = 0) -> Iterator[tuple[str, int]]:
    yield root, depth
    for child in (name for name, parent in parents.items() if parent == root):
        yield from descended(parents, child, depth + 1)


def test_every_error_stands_in_the_tree_and_no_other() -> None:
    root = Path(errors.__file__).parent
    parents = dict(pair for file in root.rglob("*.py") for pair in CLASS.findall(file.read_text()))
    assert drawn() == dict(descended(parents, "DigestError"))
