from __future__ import annotations

from digest.deliver.options import DomainPace
from digest.deliver.queue import Queue
from digest.model import Letter


def letter(number: int, domain: str) -> Letter:
    return Letter(number, 1, f"reader{number}@{domain}", b"", "", 0, 0, 0)


def numbers(queue: Queue, now: float = 1.0) -> list[int]:
    taken = []
    while found := queue.take(now):
        taken.append(found.delivery)
    return taken


def test_letters_go_in_order_and_one_put_back_goes_first() -> None:
    queue = Queue({})
    queue.add([letter(1, "a.example"), letter(2, "a.example"), letter(3, "a.example")])
    first = queue.take(1.0)
    assert first
    queue.put_back(first)
    assert numbers(queue) == [1, 2, 3]


def test_a_domain_with_a_limit_of_connections_waits_aside() -> None:
    queue = Queue({"Slow.example": DomainPace(connections=1)})
    queue.add([letter(1, "slow.example"), letter(2, "SLOW.example"), letter(3, "other.example")])
    assert numbers(queue) == [1, 3]
    assert (len(queue), queue.ready, queue.parked) == (1, 0, 1)
    queue.settled(letter(1, "slow.example"))
    assert numbers(queue) == [2]


def test_a_domain_with_a_rate_gets_no_more_than_that() -> None:
    queue = Queue({"slow.example": DomainPace(rate=2)})
    queue.add(letter(n, "slow.example") for n in range(1, 6))
    assert numbers(queue, 1.0) == [1, 2]
    assert numbers(queue, 1.6) == [3]


def test_what_is_dropped_or_withdrawn_is_gone() -> None:
    queue = Queue({"slow.example": DomainPace(connections=1)})
    queue.add([letter(1, "slow.example"), letter(2, "slow.example"), letter(3, "other.example")])
    queue.take(1.0)
    queue.take(1.0)
    queue.add([letter(4, "other.example"), letter(5, "third.example")])
    queue.drop({2})
    assert [found.delivery for found in queue.withdraw("other.example")] == [4]
    assert numbers(queue) == [5]
