"""One reader's mail from a rendering: the hot path.

Segments that stand together in a mail are joined and split at their slots once, a section at a time. For
each choice of sections (and stories had) the list of pieces is made once and kept; what is left for a reader
is a join of some forty pieces that all mails share: microseconds for a mail of 40 KB.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from itertools import count, groupby
from operator import itemgetter
from typing import NamedTuple

from digest.model import Letter, Rendering, Segment
from digest.render.choice import Said, kept, said_of
from digest.render.encode import recipient, unstructured, value
from digest.render.slots import pattern
from digest.render.texts import unfilled, wrap
from digest.tokens import Token

CHOICES = 4096  # lists of pieces kept, about 2 KB each: the long pieces are shared
RUNS = 1024  # stretches of segments kept joined, about 3 KB each
# Which of a reader's values goes into which slot.
READER = {
    "to": 0,
    "message_id": 1,
    "date": 2,
    "head unsubscribe": 3,
    "unsubscribe": 3,
    "preferences": 4,
    "text address": 5,
    "html address": 6,
}
SHORT = 400  # octets up to which neighbouring pieces are copied into one of the choice's own
PART = "--{}\r\nContent-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
# What nearly all addresses are: nothing in them needs escaping in a header, in HTML or in quoted-printable.
PLAIN = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,30}@[A-Za-z0-9.-]{1,40}")
Parts = tuple[bytes | str, ...]  # literals as bytes, slots by name


class Pieces(NamedTuple):
    """One choice's mail with places left open for the reader."""

    said: Said
    literals: tuple[bytes, ...]
    arrange: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]  # the mail, of these and the reader's values
    news: bool  # some story is left
    own: bool  # some story of a section is left


class Splicer:
    """Makes every mail of one rendering."""

    def __init__(self, rendering: Rendering) -> None:
        self.rendering = rendering
        self._slots = re.compile(pattern(rendering.mark).pattern.encode())
        self._head = self._split(rendering.head, "head")
        self._plain = ("\r\n" + PART.format(rendering.boundary, "plain")).encode()
        self._html = PART.format(rendering.boundary, "html").encode()
        self._end = f"--{rendering.boundary}--\r\n".encode()
        self._run = lru_cache(RUNS)(self._joined)
        self.pieces = lru_cache(CHOICES)(self._pieces)

    def mail(self, letter: Letter, unsubscribe: Token, preferences: Token) -> bytes:
        """The whole message, CRLF lines, none longer than 998 and none starting with a dot.

        `unsubscribe` and `preferences` are the reader's signed tokens. The same letter gives the same
        bytes, at every attempt.
        """
        _, literals, arrange, _, _ = self.pieces(letter.choice, letter.had)
        return b"".join(arrange(literals + self._reader(letter, unsubscribe, preferences)))

    def is_empty(self, letter: Letter) -> bool:
        """Whether nothing is left for this reader: all had before, or none in the sections they wait for."""
        if not (letter.had or letter.own_only):
            return False
        pieces = self.pieces(letter.choice, letter.had)
        return not (pieces.own if letter.own_only and letter.choice else pieces.news)

    def subject(self, choice: str = "", had: frozenset[int] = frozenset()) -> str:
        return self.pieces(choice, had).said.subject

    def segments(self, choice: str = "", had: frozenset[int] = frozenset()) -> tuple[Segment, ...]:
        """The segments of this choice's mail. `choice` is "" or a JSON list of section names."""
        return tuple(self.rendering.segments[n] for n in self._kept(choice, had))

    def _kept(self, choice: str, had: frozenset[int]) -> tuple[int, ...]:
        return kept(self.rendering.segments, frozenset(json.loads(choice)) if choice else None, had)

    def _reader(self, letter: Letter, unsubscribe: Token, preferences: Token) -> tuple[bytes, ...]:
        """The values of READER. The Message-ID names the delivery: a mail sent again is the same mail."""
        message_id = f"<{letter.delivery:x}.{letter.ref.hex()}@{self.rendering.domain}>".encode()
        leave, change, date = unsubscribe.encode(), preferences.encode(), _date(letter.due)
        address = letter.address
        if PLAIN.fullmatch(address):
            plain = address.encode()
            return b"<%b>" % plain, message_id, date, leave, change, plain, plain
        return recipient(address), message_id, date, leave, change, value(address), value(escape(address))

    def _pieces(self, choice: str, had: frozenset[int]) -> Pieces:
        numbers = self._kept(choice, had)
        said = said_of(self.rendering, numbers)
        runs = [self._run(first, last) for first, last in _runs(numbers, self.rendering.segments)]
        row: list[bytes | str] = [
            *self._head,
            self._plain,
            *(part for text, _ in runs for part in text),
            self._html,
            *(part for _, html in runs for part in html),
            self._end,
        ]
        encoded = _encoded(said)
        parts = _merged([encoded.get(part, part) if isinstance(part, str) else part for part in row])
        literals = tuple(part for part in parts if isinstance(part, bytes))
        left = [self.rendering.segments[n] for n in numbers if self.rendering.segments[n].story is not None]
        own = any(segment.section for segment in left)
        news = own or any(segment.headline for segment in left)  # a paid link is no news
        return Pieces(said, literals, _arranger(tuple(parts)), news, own)

    def _joined(self, first: int, last: int) -> tuple[Parts, Parts]:
        """The text and the HTML of segments `first` to `last`."""
        segments = self.rendering.segments[first : last + 1]
        text = b"".join(segment.text for segment in segments)
        return self._split(text, "text"), self._split(b"".join(s.html for s in segments), "html")

    def _split(self, encoded: bytes, where: str) -> Parts:
        literals, names = self._slots.split(encoded)[::2], self._slots.findall(encoded)
        row: list[bytes | str] = [literals[0]]
        for name, literal in zip(names, literals[1:], strict=True):
            row += [_slot(where, name.decode()), literal]
        return tuple(row)


def _runs(numbers: Sequence[int], segments: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """First and last of each stretch of neighbouring segments of one section, which choices keep together."""
    for _, run in groupby(enumerate(numbers), lambda pair: (pair[1] - pair[0], segments[pair[1]].section)):
        stretch = [number for _, number in run]
        yield stretch[0], stretch[-1]


def _merged(parts: Sequence[bytes | str]) -> list[bytes | str]:
    """Short neighbours as one piece: each costs, however short. Long ones stay those that all mails share."""
    merged: list[bytes | str] = []
    for part in parts:
        last = merged[-1] if merged else ""
        if isinstance(part, bytes) and isinstance(last, bytes) and len(last) + len(part) <= SHORT:
            merged[-1] = last + part
        else:
            merged.append(part)
    return merged


def _slot(where: str, name: str) -> str:
    """A slot's name in the part of the mail it stands in, which decides how its value is encoded."""
    return f"{where} {name}" if f"{where} {name}" in READER or name in Said._fields else name


def _arranger(parts: Parts) -> Callable[[tuple[bytes, ...]], tuple[bytes, ...]]:
    """Takes the literals with the reader's values behind them, and gives them in the order of `parts`."""
    literals = count()
    readers = sum(isinstance(part, bytes) for part in parts)
    places = [next(literals) if isinstance(part, bytes) else readers + READER[part] for part in parts]
    return itemgetter(*places)


@lru_cache(CHOICES)
def _encoded(said: Said) -> dict[str, bytes]:
    """A choice's wordings, encoded for each part of the mail. Many choices are told the same."""
    encoded = {"head subject": unstructured(said.subject, len("Subject: ")).encode()}
    for name, text in said._asdict().items():
        encoded[f"html {name}"] = value(unfilled(escape(text)))
        encoded[f"text {name}"] = value(wrap(text) if name == "greeting" else text)
    # With hard blanks, so that a narrow dateline breaks between its facts.
    encoded["html minutes"] = value(escape(said.minutes.replace(" ", "\u00a0")))
    return encoded


@lru_cache(64)
def _date(due: int) -> bytes:
    """The moment readers were due, the same for a whole wave (RFC 5322, 3.3)."""
    return format_datetime(datetime.fromtimestamp(due, UTC)).encode()
