"""For the tests of a module or, imported by its conftest, of a folder: it is noon. See at_noon.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.at_noon import at_noon


@pytest.fixture(scope="module", autouse=True)
def noon() -> Iterator[None]:
    with at_noon():
        yield
