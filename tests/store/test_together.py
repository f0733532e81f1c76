"""Those who ask while another is being served are served together, and each gets their own answer."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest

from digest.store.together import Together


def test_who_waits_is_served_with_the_next() -> None:
    asked, go_on, served = Event(), Event(), []

    def write(numbers: Sequence[int]) -> list[int]:
        served.append(len(numbers))
        asked.set()
        go_on.wait(10)
        return [number * 2 for number in numbers]

    double = Together(write)
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(double, 0)
        asked.wait(10)
        others = [pool.submit(double, number) for number in range(1, 11)]
        while len(double._waiting) < 10:
            sleep(0.001)
        go_on.set()
        assert [one.result() for one in (first, *others)] == [number * 2 for number in range(11)]
    assert served == [1, 10]


def test_a_write_that_fails_fails_for_all_of_its_own_and_no_other() -> None:
    def write(numbers: Sequence[int]) -> Sequence[int]:
        if 13 in numbers:
            raise ValueError("unlucky")
        return numbers

    same = Together(write)
    with pytest.raises(ValueError, match="unlucky"):
        same(13)
    assert same(14) == 14
