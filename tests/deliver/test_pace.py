from __future__ import annotations

from digest.deliver.pace import CONTENT_LIMIT, Bucket, Refusals, Window


def test_a_window_halves_when_told_to_slow_down_and_grows_by_one_a_round() -> None:
    window = Window(20, patience=1)
    window.slow(now=10)
    assert window.size == 10
    for _ in range(10):
        window.accepted()
    assert 10.9 < window.size < 11.1
    for _ in range(1000):
        window.accepted()
    assert window.size == 20
    assert not window.narrow


def test_many_answers_at_once_are_one_sign() -> None:
    window = Window(20, patience=1)
    for _ in range(20):
        window.slow(now=10)
    assert window.size == 10


def test_a_single_connection_rests_longer_each_time() -> None:
    window = Window(1, patience=1)
    rests = []
    for now in (100, 200, 300, 400, 500, 600, 700, 800, 900):
        window.slow(now)
        rests.append(window.rests_until - now)
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    window.accepted()
    window.slow(1000)
    assert window.rests_until == 1001


def test_a_bucket_gives_a_seconds_worth_at_once_and_then_its_rate() -> None:
    bucket = Bucket(rate=5)
    assert [bucket.take(100.0) for _ in range(6)] == [True] * 5 + [False]
    assert not bucket.take(100.1)
    assert bucket.take(100.2)
    assert not bucket.take(100.2)


def test_a_rate_below_one_gives_single_mails() -> None:
    bucket = Bucket(rate=0.5)
    assert [bucket.take(now) for now in (100.0, 101.0, 102.0, 103.0)] == [True, False, True, False]


def test_no_rate_is_no_limit() -> None:
    assert all(Bucket(0).take(1.0) for _ in range(1000))


def test_more_than_five_policy_refusals_in_a_domains_last_hundred_pause_it() -> None:
    refusals = Refusals()
    assert [refusals.policy("a@Example.com") for _ in range(6)] == [False] * 5 + [True]


def test_refusals_are_forgotten_after_a_hundred_mails() -> None:
    refusals = Refusals()
    for _ in range(5):
        refusals.policy("a@example.com")
    for _ in range(100):
        refusals.accepted("b@example.com")
    assert not refusals.policy("c@example.com")


def test_domains_do_not_count_for_each_other() -> None:
    refusals = Refusals()
    assert not any(refusals.policy(f"a@{n}.example") for n in range(50))


def test_content_refused_more_than_twenty_times_in_a_row_pauses_the_run() -> None:
    refusals = Refusals()
    assert not any(refusals.content() for _ in range(CONTENT_LIMIT))
    refusals.accepted("a@example.com")
    assert not any(refusals.content() for _ in range(CONTENT_LIMIT))
    assert refusals.content()
