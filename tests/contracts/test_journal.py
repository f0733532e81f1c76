"""Who leaves, is suppressed or erased stands in the journal before the database says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.addresses import accept
from digest.ports import Taken
from digest.store.database import Database
from digest.store.journal import Entry
from digest.store.readers import Readers
from digest.store.returns import Returns
from digest.store.suppressions import Suppressions
from tests.builders import NOON, TOKENS, subscribe

ADA = accept("ada@example.com")


class Dead(Exception):
    """The process ended here."""


def leave(database: Database) -> None:
    readers = Readers(database, TOKENS)
    readers.leave(readers.of(ADA)[0].ref, NOON)


def suppress(database: Database) -> None:
    Suppressions(database, TOKENS).add(ADA, "complaint", "", NOON)


def come_back(database: Database) -> None:
    Returns(database, TOKENS).add([Taken("mail", "hard", ADA, "hard", "")], NOON)


def erase(database: Database) -> None:
    Suppressions(database, TOKENS).erase(ADA, NOON)


@pytest.mark.parametrize(
    ("work", "what"),
    [(leave, "left"), (suppress, "suppressed"), (come_back, "suppressed"), (erase, "erased")],
)
def test_whoever_dies_at_the_journal_has_done_nothing_and_does_it_all_the_next_time(
    database: Database, monkeypatch: pytest.MonkeyPatch, work: Callable[[Database], None], what: str
) -> None:
    readers = Readers(database, TOKENS)
    subscribe(readers, ADA.mailed)

    def dies(*_entries: Entry) -> None:
        raise Dead

    with monkeypatch.context() as dying:
        dying.setattr(database.journal, "append", dies)
        with pytest.raises(Dead):
            work(database)
    assert readers.status(ADA) == "active"
    work(database)
    assert readers.status(ADA) != "active"
    assert [entry.what for entry in database.journal] == [what]
