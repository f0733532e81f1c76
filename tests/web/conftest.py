from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.blank_store import lay_tables
from tests.web.site import MORNING, WEEKEND, Newspaper, copy_of


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty database, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    lay_tables(folder)
    return folder


@pytest.fixture
def paper(prepared: Path, tmp_path: Path) -> Iterator[Newspaper]:
    """A newspaper with one newsletter."""
    made = Newspaper(copy_of(prepared, tmp_path))
    yield made
    made.close()


@pytest.fixture
def house(prepared: Path, tmp_path: Path) -> Iterator[Newspaper]:
    """A newspaper with two newsletters, one of which comes at each reader's own hour."""
    made = Newspaper(copy_of(prepared, tmp_path), (MORNING, WEEKEND))
    yield made
    made.close()
