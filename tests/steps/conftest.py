"""A service on a store of its own, with nothing configured but what a test names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from digest.model import Newsletter
from digest.steps.service import Service
from digest.store.accounts import Accounts
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.edits import Edits
from digest.store.incidents import Incidents
from digest.store.outbox import Outbox
from digest.store.pictures import Pictures
from digest.store.planning import Planning
from digest.store.promotions import Promotions
from digest.store.readers import Readers
from digest.store.renderings import Renderings
from digest.store.retold import Retold
from digest.store.stories import Stories
from digest.store.visits import Visits
from tests.builders import LOOK, MORNING, TOKENS
from tests.steps.mornings import Mornings, plain_rendering

Serve = Callable[..., Service]


@pytest.fixture
def database(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = Database(sqlite_url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def readers(database: Database) -> Readers:
    return Readers(database, TOKENS)


@pytest.fixture
def serve(database: Database, tmp_path: Path) -> Serve:
    """A service with these newsletters; The Morning Tide where none is named."""

    def made(*newsletters: Newsletter) -> Service:
        return Service(
            look=LOOK,
            newsletters=newsletters or (MORNING,),
            sources=(),
            operator="",
            give_up=timedelta(hours=12),
            stories=Stories(database),
            pictures=Pictures(database, tmp_path / "pictures"),
            editions=Editions(database),
            renderings=Renderings(database),
            retold=Retold(database),
            edits=Edits(database),
            promotions=Promotions(database),
            staff=Accounts(database),
            planning=Planning(database),
            deliveries=Deliveries(database),
            visits=Visits(database),
            incidents=Incidents(database),
            outbox=Outbox(database),
        )

    return made


Live = Callable[[Newsletter], Mornings]


@pytest.fixture
def live(
    serve: Serve, readers: Readers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Live]:
    """Mornings of a newsletter, rendered plainly."""
    with plain_rendering(monkeypatch):
        yield lambda letter: Mornings(serve(letter), readers, database)
