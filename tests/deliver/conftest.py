from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.deliver.run_of import DOMAINS, Morning
from tests.morning import prepare

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which five hundred readers of five domains are due."""
    path = tmp_path_factory.mktemp("planned") / "digest.db"
    prepare(str(path), 500, domains=DOMAINS)
    return path


@pytest.fixture
async def morning(planned: Path) -> AsyncIterator[Morning]:
    """Five hundred readers are due; the store is the test's own, in memory where the system has such a place:
    how long a disk takes to sync is nothing these tests ask.
    """
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder) / "digest.db"
        shutil.copy(planned, path)
        made = Morning(str(path))
        yield made
        await made.close()
