from __future__ import annotations

import pytest

from digest.deliver.retry import delay, greylisted, named


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(0, 300), (1, 600), (2, 1200), (5, 9600), (6, 14400), (7, 14400), (1000, 14400)],
)
def test_each_wait_is_twice_the_last_up_to_the_most(attempts: int, seconds: int) -> None:
    assert delay(attempts, 300, 14400) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Greylisted, please try again in 7 minutes", 420),
        ("greylisted for 300 seconds", 300),
        ("try again after 1 hour", 3600),
        ("retry in 45s", 45),
        ("come back later", 0),
        ("4.7.1 in 2026 all was better", 0),
    ],
)
def test_a_time_the_server_names(text: str, seconds: int) -> None:
    assert named(text) == seconds


def test_greylisting_waits_five_minutes_where_no_time_is_named() -> None:
    assert greylisted("greylisted", first=60) == 300
    assert greylisted("greylisted", first=900) == 900
    assert greylisted("greylisted, retry in 60 seconds", first=300) == 60
