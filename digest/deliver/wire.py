"""A server's answers, told apart in what came over the wire."""

from __future__ import annotations

from functools import lru_cache

from digest.deliver.outcome import Reply

MOST_OCTETS = 8192  # of a line; RFC 5321 allows 512
MOST_LINES = 100  # of a reply


class Garbled(ValueError):
    """What came is not SMTP. `replies` is what came whole before it."""

    def __init__(self, why: str, replies: list[Reply]) -> None:
        super().__init__(why)
        self.replies = replies


def parse(data: bytes) -> tuple[list[Reply], bytes]:
    """All whole replies in `data`, and what is left of the next. Raises Garbled."""
    *lines, rest = data.split(b"\n")
    replies: list[Reply] = []
    begun: list[Reply] = []
    for line in lines:
        found = line_of(line)
        if found is None or len(begun) > MOST_LINES:
            raise Garbled(f"not an SMTP answer: {line[:60]!r}", replies)
        if begun or line[3:4] == b"-":
            begun.append(found)
            if line[3:4] == b"-":
                continue
            found, begun = joined(begun), []
        replies.append(found)
    if len(rest) > MOST_OCTETS:
        raise Garbled(f"an answer of more than {MOST_OCTETS} bytes", replies)
    if begun:
        rest = b"\n".join([*lines[-len(begun) :], rest])
    return replies, rest


@lru_cache(maxsize=128)  # most answers are the same few
def line_of(line: bytes) -> Reply | None:
    """A line of a reply; None if it cannot be one."""
    code = line[:3]
    if not code.isdigit() or line[3:4] not in {b" ", b"-", b"", b"\r"} or len(line) > MOST_OCTETS:
        return None
    return reply(int(code), line[4:].strip().decode("utf-8", "replace"))


def reply(code: int, text: str) -> Reply:
    """A reply that any database can keep: PostgreSQL takes no NUL, neither takes half a character."""
    return Reply(code, text.encode("utf-8", "replace").decode().replace("\0", ""))


def joined(lines: list[Reply]) -> Reply:
    """A reply of several lines: the last one's code, the text of all."""
    return Reply(lines[-1].code, "\n".join(line.text for line in lines))
