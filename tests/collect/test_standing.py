"""How each source stands."""

from __future__ import annotations

from datetime import timedelta

from digest.collect.standing import standings
from digest.model import Source, SourceState
from tests.builders import NOON


def test_each_source_stands_in_its_place_visited_or_not() -> None:
    failing = SourceState(failing_since=NOON - timedelta(hours=1), reason="nobody answers")
    wire, court = standings([Source("wire"), Source("court")], {"court": (failing, NOON)}, NOON)
    assert (wire.source.name, wire.how, wire.is_failing, wire.last) == ("wire", "new", False, None)
    assert (court.source.name, court.how, court.is_failing, court.last) == ("court", "failing", True, NOON)
