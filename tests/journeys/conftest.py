"""A folder with stories and readers, made once a session in this process and copied for each journey."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from digest.cli.app import app
from tests.at_noon import at_noon
from tests.cli.conftest import digest, mail_server, mornings, newsroom
from tests.noon import noon

__all__ = ["digest", "mail_server", "mornings", "newsroom", "noon"]

READERS = 300


@pytest.fixture(scope="session")
def readership(newsroom: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom with three hundred confirmed readers, reader0@ to reader299@example.com."""
    folder = tmp_path_factory.mktemp("readership")
    shutil.copytree(newsroom, folder, dirs_exist_ok=True)
    rows = ["address", *(f"reader{n}@example.com" for n in range(READERS))]
    (folder / "readers.csv").write_text("\n".join(rows))
    with contextlib.chdir(folder), at_noon():
        command = ["subscribers", "import", "readers.csv", "--confirmed", "--quiet"]
        assert CliRunner().invoke(app, command).exit_code == 0
    return folder
