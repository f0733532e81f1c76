"""The maps name every stage and every file of a stage, and the program knows its version."""

from __future__ import annotations

import importlib
import re
from importlib.metadata import version
from pathlib import Path

import pytest

import digest

ROOT = Path(digest.__file__).parent
# Every folder of code; the tables and the migrations of the store are lists already.
FOLDERS = sorted(
    str(path.parent.relative_to(ROOT))
    for path in ROOT.glob("**/__init__.py")
    if path.parent != ROOT
    and not path.parent.is_relative_to(ROOT / "store" / "tables")
    and not path.parent.is_relative_to(ROOT / "store" / "migrations")
)


def test_the_map_names_every_folder_and_no_other() -> None:
    assert digest.__doc__ is not None
    named = set(re.findall(r"^([a-z]+) {2,}\S", digest.__doc__, re.MULTILINE))
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert named == folders


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folders_map_names_every_file_and_no_other(name: str) -> None:
    folder = importlib.import_module("digest." + name.replace("/", "."))
    named = re.findall(r"^(\w+)/? {2,}\S", folder.__doc__ or "", re.MULTILINE)
    files = {path.stem for path in (ROOT / name).glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in (ROOT / name).glob("*/*.py")}
    assert sorted(named) == sorted(files | folders)


def test_the_clock_is_read_where_it_is_handed_in_and_nowhere_else() -> None:
    clock = re.compile(r"\b(datetime\.now|time\.time|date\.today|utcnow)\b")
    read = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if clock.search(path.read_text())}
    edges = {"cli/console.py", "inbox/smtp.py", "schedule/ticker.py", "web/site.py"}
    assert read == edges | {"wiring/sending.py"}


def test_the_version_is_the_installed_one() -> None:
    assert digest.__version__ == version("morning-digest")


def test_the_changes_of_this_version_are_told_below_an_unreleased_section() -> None:
    changes = (Path(digest.__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", changes, re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(digest.__version__)} - \d{{4}}-\d\d-\d\d", headings[1])


def test_how_to_report_a_weakness_names_a_way_and_rotating_is_told_once() -> None:
    root = Path(digest.__file__).parents[1]
    assert "Report a vulnerability" in (root / "SECURITY.md").read_text(encoding="utf-8")
    assert "digest secret rotate" in (root / "docs" / "security.md").read_text(encoding="utf-8")
    assert "rotate" not in (root / "SECURITY.md").read_text(encoding="utf-8")
