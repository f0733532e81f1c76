from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.deliver.run_of import DOMAINS, Morning
from tests.morning import prepare


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which five hundred readers of five domains are due."""
    path = tmp_path_factory.mktemp("planned") / "digest.db"
    prepare(str(path), 500, domains=DOMAINS)
    return path


@pytest.fixture
async def morning(planned: Path, tmp_path: Path) -> AsyncIterator[Morning]:
    """Five hundred readers are due; the store is the test's own."""
    path = tmp_path / "digest.db"
    shutil.copy(planned, path)
    made = Morning(str(path))
    yield made
    await made.close()
