from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.outcome import Reply
from digest.deliver.wire import MOST_OCTETS, Garbled, parse

ANSWER = b"250 2.0.0 Ok\r\n250-first\r\n250-second\r\n250 third\r\n354 go on\r\n"
REPLIES = [Reply(250, "2.0.0 Ok"), Reply(250, "first\nsecond\nthird"), Reply(354, "go on")]


def test_replies_that_came_in_one_read_are_told_apart() -> None:
    assert parse(ANSWER) == (REPLIES, b"")


@given(st.integers(0, len(ANSWER)), st.integers(0, len(ANSWER)))
def test_where_reads_end_makes_no_difference(one: int, two: int) -> None:
    found, rest = [], b""
    cuts = sorted((one, two))
    for part in (ANSWER[: cuts[0]], ANSWER[cuts[0] : cuts[1]], ANSWER[cuts[1] :]):
        replies, rest = parse(rest + part)
        found += replies
    assert (found, rest) == (REPLIES, b"")


@pytest.mark.parametrize(("line", "reply"), [(b"250\r\n", Reply(250)), (b"421 bye\n", Reply(421, "bye"))])
def test_sloppy_but_clear(line: bytes, reply: Reply) -> None:
    assert parse(line) == ([reply], b"")


@pytest.mark.parametrize(
    "line", [b"hello\r\n", b"\r\n", b"25\r\n", b"250x\r\n", b"250 " + b"x" * MOST_OCTETS + b"\r\n"]
)
def test_what_is_not_smtp_is_refused_and_what_came_before_is_kept(line: bytes) -> None:
    with pytest.raises(Garbled) as garbled:
        parse(b"250 Ok\r\n" + line)
    assert garbled.value.replies == [Reply(250, "Ok")]


def test_a_line_or_reply_without_end_is_refused() -> None:
    with pytest.raises(Garbled):
        parse(b"250 " + b"x" * MOST_OCTETS)
    with pytest.raises(Garbled):
        parse(b"250-more\r\n" * 200)


def test_a_reply_can_be_stored_whatever_its_bytes() -> None:
    assert parse(b"550 \xff\0caf\xc3\xa9\r\n")[0] == [Reply(550, "\ufffdcafé")]
