from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.desk.office import Office
from tests.web.site import copy_of


@pytest.fixture
def office(prepared: Path, tmp_path: Path, quick_passwords: None) -> Iterator[Office]:
    """A newspaper with a desk, and somebody of each duty signed in at it."""
    made = Office(copy_of(prepared, tmp_path))
    yield made
    made.close()
