"""The maps name every stage and every file of a stage, and the program knows its version."""

from __future__ import annotations

import importlib
import re
from importlib.metadata import version
from pathlib import Path

import pytest

import digest

# The stages whose docstring is a map of their files.
MAPPED = ["collect", "compose", "render", "settings", "summarise"]


def test_the_map_names_every_folder_and_no_other() -> None:
    assert digest.__doc__ is not None
    named = set(re.findall(r"^([a-z]+) {2,}\S", digest.__doc__, re.MULTILINE))
    root = Path(digest.__file__).parent
    folders = {path.parent.name for path in root.glob("*/__init__.py")}
    assert named == folders


@pytest.mark.parametrize("name", MAPPED)
def test_a_folders_map_names_every_file_and_no_other(name: str) -> None:
    folder = importlib.import_module(f"digest.{name}")
    named = re.findall(r"^(\w+) {2,}\S", folder.__doc__ or "", re.MULTILINE)
    files = {path.stem for path in Path(str(folder.__file__)).parent.glob("*.py")} - {"__init__"}
    assert sorted(named) == sorted(files)


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
