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
        claims.add(Claimed(batch, edition, [letter(n) for n in ids]))
    return claims


def letter(delivery: int) -> Letter:
    return Letter(delivery, 1, "reader@example.com", b"", "", 0, 0, 0)


def test_a_batch_is_done_with_its_last_letter(claims: Claims) -> None:
    assert claims.done({1, 2, 99}) == []
    assert claims.done({1, 2, 3, 4}) == [1]
    claims.settle({1, 2})
    assert claims.done({3}) == [1]


def test_what_is_settled_is_held_no_more(claims: Claims) -> None:
    claims.settle({1, 2, 3, 99})
    assert claims.batches == [2]
    assert claims.editions == [20]
    assert claims.letters == {4, 5}


def test_claims_have_one_moment_or_none() -> None:
    claims = Claims()
    since = [claims.since]
    for batch, moment in ((1, 5), (2, 5), (3, 6)):
        claims.add(Claimed(batch, 10, [letter(batch)], moment))
        since.append(claims.since)
    claims.settle({1, 2})
    since.append(claims.since)
    claims.doubt()
    since.append(claims.since)
    assert since == [None, 5, 5, None, 6, None]


def test_of_a_stopped_edition_all_letters_are_named(claims: Claims) -> None:
    assert claims.of_stopped({"edition:10": "stopped by hand"}) == {1, 2, 3}
    assert claims.of_stopped({"domain:example.net": "policy"}) == set()
