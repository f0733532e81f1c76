from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.store import tables
from tests.web.site import MORNING, WEEKEND, Newspaper, copy_of


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty database, made once: migrations take longer than any test here."""
    folder = tmp_path_factory.mktemp("prepared")
    paper = Newspaper(folder)
    tables.metadata.create_all(paper.app.database.engine)
    assert paper.app.tokens
    paper.close()
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
