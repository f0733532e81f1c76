"""What a worker holds: batches that are given back when their last letter is settled."""

from __future__ import annotations

import pytest

from digest.model import Letter
from digest.store.ledger.claims import Claimed, Claims


@pytest.fixture
def claims() -> Claims:
    """Batch 1 of edition 10 with letters 1 to 3, batch 2 of edition 20 with letters 4 and 5."""
    claims = Claims()
    for batch, edition, ids in ((1, 10, (1, 2, 3)), (2, 20, (4, 5))):
        letters = [Letter(n, 1, "reader@example.com", b"", "", 0, 0, 0) for n in ids]
        claims.add(Claimed(batch, edition, letters))
    return claims


def test_a_batch_is_done_with_its_last_letter(claims: Claims) -> None:
    assert claims.done({1, 2, 99}) == set()
    assert claims.done({1, 2, 3, 4}) == {1}
    claims.settle({1, 2})
    assert claims.done({3}) == {1}


def test_what_is_settled_is_held_no_more(claims: Claims) -> None:
    claims.settle({1, 2, 3, 99})
    assert claims.batches == [2]
    assert claims.editions == [20]
    assert set(claims.letters) == {4, 5}


def test_of_a_stopped_edition_all_letters_are_named(claims: Claims) -> None:
    assert claims.of_stopped({"edition:10": "stopped by hand"}) == {1, 2, 3}
    assert claims.of_stopped({"domain:example.net": "policy"}) == set()
