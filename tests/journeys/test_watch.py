"""An operator's own template in the browser: saved, and shown anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from digest.resources import resource
from tests.journeys.process import configure, started

pytestmark = pytest.mark.journey


def test_a_saved_template_is_shown_anew_and_a_broken_one_is_told(newsroom: Path, tmp_path: Path) -> None:
    shutil.copytree(newsroom, tmp_path, dirs_exist_ok=True)
    shutil.copytree(resource("templates/email"), tmp_path / "mine" / "email")
    configure(tmp_path, 9, site='templates = "mine"')
    template = tmp_path / "mine" / "email" / "edition.html"
    good = template.read_text()
    with started(tmp_path, "preview", "--watch") as preview:
        assert preview.stderr is not None
        said = iter(preview.stderr.readline, "")
        page = Path(next(line for line in said if line.startswith("opened ")).split()[1])
        assert "Pictures off" in page.read_text()
        first = page.with_suffix(".js").read_text()
        assert first.partition('"')[2].partition('"')[0] in page.read_text()
        next(line for line in said if line.startswith("watching"))
        template.write_text(good + "{% nonsense %}")
        assert "nonsense" in next(line for line in said if line.startswith("digest: "))
        template.write_text(good + "<!-- saved again -->")
        next(line for line in said if line == "shown anew\n")
    assert page.with_suffix(".js").read_text() != first
    page.unlink()
    page.with_suffix(".js").unlink()
