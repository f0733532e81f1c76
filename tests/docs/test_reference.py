"""Every command, key, page, event and incident is described, and what is made from the program is as made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digest.settings import NewsletterTable, Settings, SourceTable, Table
from digest.web.app import create
from tests.docs.reference import DOCS, PAGES
from tests.web.site import Newspaper

DIGEST = DOCS.parent / "digest"
ALL = "\n".join(page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("*.md")))


@pytest.mark.parametrize("name", PAGES)
def test_what_is_made_from_the_program_is_as_made(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run: make docs"


def test_every_key_of_the_configuration_is_described() -> None:
    described = (DOCS / "configuration.md").read_text(encoding="utf-8")
    known: list[type[Table]] = [SourceTable, NewsletterTable, *_tables()]
    for table in known:
        for name, field in table.model_fields.items():
            secret = f"DIGEST_{table.__name__.removesuffix('Table')}__{name}".upper()
            assert f"{field.alias or name} = " in described or secret in described, (
                f"{table.__name__}: {name}"
            )


def test_every_page_is_described(tmp_path: Path) -> None:
    paper = Newspaper(tmp_path)
    paths = {getattr(route, "path", "") for route in create(paper.app).routes}
    paper.close()
    undescribed = {path for path in paths if not _is_described(path)}
    assert undescribed == set()


def _is_described(path: str) -> bool:
    """Each by its address, its own names for what varies; files beside the pages need no words."""
    if re.fullmatch(r"/style-.*|/icon.svg", path):
        return True
    varying = re.sub(r"\\\{\w+(:\w+)?\\\}", r"\\{\\w+\\}", re.escape(path))
    shortened = re.sub(r"^/\w+/\\\{\\w\+\\\}/", "…/", varying)  # "/preferences/{token}/data" told as "…/data"
    return bool(re.search(f"`(?:GET |POST )?(?:{varying}|{shortened})[`?]", ALL))


def test_every_event_of_the_log_is_described() -> None:
    source = "\n".join(file.read_text() for file in (DIGEST / "cli").glob("*.py"))
    names = set(re.findall(r"\b(?:event|_book\.tell)\(\s*\"([\w.]+)\"", source))
    assert {"run.started", "run.ended", "serving"} <= names
    described = set(re.findall(r"^\| `([\w.]+)` \|", (DOCS / "operating.md").read_text(), re.MULTILINE))
    assert names <= described


def test_every_kind_of_incident_is_described() -> None:
    source = "\n".join(file.read_text() for file in DIGEST.rglob("*.py"))
    kinds = set(re.findall(r"incidents\.open\(\s*[^,]+,\s*\"([\w ]+)\"", source))
    assert {"empty", "partly sent", "dead source"} <= kinds
    operating = (DOCS / "operating.md").read_text()
    assert {kind for kind in kinds if f"| `{kind}` |" not in operating} == set()


def _tables() -> list[type[Table]]:
    annotations = [field.annotation for field in Settings.model_fields.values()]
    return [one for one in annotations if isinstance(one, type) and issubclass(one, Table)]
