"""What the API keeps, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from digest.errors import UsageError
from digest.model import Scope
from digest.store import tables
from digest.store.database import Database
from digest.store.keys import Keys
from tests.builders import NOON


def test_a_key_is_known_by_itself_alone_and_kept_as_a_hash(database: Database) -> None:
    keys = Keys(database)
    key = keys.add("cms", {Scope.STORIES, Scope.READ}, NOON)
    found = keys.find(key)
    assert found
    assert (found.name, found.scopes, found.created) == ("cms", frozenset({Scope.STORIES, Scope.READ}), NOON)
    handle = key.rpartition("_")[0]
    for wrong in ("", "dk_", key[:-1], key[:-1] + "g", f"{handle}_", key.upper(), key + " ", "dk_é_\ud800"):
        assert keys.find(wrong) is None
    with database.read() as connection:
        kept = connection.execute(select(tables.api_key)).one()
    assert key.rpartition("_")[2] not in repr(tuple(kept))


def test_a_name_has_one_key_and_a_removed_one_opens_nothing(database: Database) -> None:
    keys = Keys(database)
    key = keys.add("cms", [Scope.READ], NOON)
    with pytest.raises(UsageError, match="'cms' already"):
        keys.add("cms", [Scope.READ], NOON)
    assert [one.name for one in keys.every()] == ["cms"]
    assert keys.remove("cms")
    assert not keys.remove("cms")
    assert keys.find(key) is None
