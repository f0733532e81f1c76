"""The docs as pages: every link leads somewhere, every page is in the list, nothing comes from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import mkdocs.commands.build
import mkdocs.config
import pytest

from tests.docs.reference import DOCS

CHECKOUT = DOCS.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    config = mkdocs.config.load_config(str(CHECKOUT / "mkdocs.yml"), site_dir=str(folder))
    mkdocs.commands.build.build(config)  # strict: a warning is an error
    return folder


def test_every_page_is_built(site: Path) -> None:
    for page in DOCS.glob("*.md"):
        assert (site / page.with_suffix(".html").name).is_file(), page.name


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for page in site.glob("*.html"):
        loaded = re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="(https?:[^"]+)"', page.read_text())
        assert [url for url in loaded if 'rel="canonical"' not in url] == [], page.name


def test_every_picture_is_shown_and_small() -> None:
    shown = {
        name for page in DOCS.glob("*.md") for name in re.findall(r"\(pictures/(.*?)\)", page.read_text())
    }
    pictures = {picture.name: picture.stat().st_size for picture in (DOCS / "pictures").iterdir()}
    assert pictures.keys() == shown
    assert max(pictures.values()) < 150_000


def test_the_readme_opens_with_a_picture_of_the_mail() -> None:
    shown = re.findall(r"\]\((docs/pictures/.*?)\)", (CHECKOUT / "README.md").read_text())
    assert shown
    assert [name for name in shown if not (CHECKOUT / name).is_file()] == []


def test_the_desk_is_shown() -> None:
    assert {"desk-today.jpg", "desk-edition.jpg"} <= set(
        re.findall(r"\(pictures/(.*?)\)", (DOCS / "desk.md").read_text())
    )


def test_every_file_that_is_named_is_there() -> None:
    for page in [*DOCS.glob("*.md"), *CHECKOUT.glob("*.md")]:
        named = re.findall(r"`((?:tests|digest|config|templates|docs)/[\w./-]+)`", page.read_text())
        missing = [name for name in named if not (CHECKOUT / name).exists() and "LANG" not in name]
        assert missing == [], page.name
