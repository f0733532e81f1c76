"""The map in digest/__init__.py names every stage, and the program knows its version."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import digest


def test_the_map_names_every_folder_and_no_other() -> None:
    assert digest.__doc__ is not None
    named = set(re.findall(r"^([a-z]+) {2,}\S", digest.__doc__, re.MULTILINE))
    root = Path(digest.__file__).parent
    folders = {path.parent.name for path in root.glob("*/__init__.py")}
    assert named == folders


def test_the_clock_is_read_where_it_is_handed_in_and_nowhere_else() -> None:
    root = Path(digest.__file__).parent
    clock = re.compile(r"\b(datetime\.now|time\.time|date\.today|utcnow)\b")
    read = {str(path.relative_to(root)) for path in root.rglob("*.py") if clock.search(path.read_text())}
    edges = {"cli/console.py", "inbox/smtp.py", "schedule/ticker.py", "web/site.py"}
    assert read == edges | {"wiring/sending.py"}


def test_the_version_is_the_installed_one() -> None:
    assert digest.__version__ == version("morning-digest")
