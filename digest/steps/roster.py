"""A list of readers from another program, line by line: what each line says of a person.

Known are our own export, listmonk's, Mailchimp's (subscribed, unsubscribed and cleaned), Keila's, and any CSV
with a column of addresses; docs/migrating.md tells which column means what. In doubt a line is about somebody
who is not to be mailed: a stale list must bring nobody back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from itertools import chain
from typing import BinaryIO

from digest.addresses import accept
from digest.collect.lines import csv_rows, text_lines
from digest.errors import SourceError, UsageError
from digest.model import Consent, Newsletter, SubscriptionState
from digest.schedule.due import zone_names
from digest.sheets import plain
from digest.steps.enrolling import Member
from digest.steps.orders import order_of

BATCH = 1000  # people taken in at once

_COLUMNS = {  # what others call it: what we call it
    **dict.fromkeys(("email", "e-mail", "email address", "email_address"), "address"),
    **dict.fromkeys(("status", "subscription_status"), "state"),
    **dict.fromkeys(("optin_time", "created_at"), "asked_at"),
    "confirm_time": "confirmed_at",
    "unsub_time": "left_at",
}
_STATES = {  # what others call it, and we
    **dict.fromkeys(("active", "enabled", "subscribed", "confirmed"), SubscriptionState.ACTIVE),
    **dict.fromkeys(("pending", "unconfirmed"), SubscriptionState.PENDING),
    **dict.fromkeys(("unsubscribed", "disabled"), SubscriptionState.UNSUBSCRIBED),
    **dict.fromkeys(
        ("suppressed", "blocklisted", "cleaned", "bounced", "unreachable"), SubscriptionState.SUPPRESSED
    ),
}
# Mailchimp writes a file for each kind of person; this column tells which, however empty its cells are.
_FILES = {"unsub_time": SubscriptionState.UNSUBSCRIBED, "clean_time": SubscriptionState.SUPPRESSED}

Row = Mapping[str, str]


class Roster:
    """One list, for one newsletter. Its lines are read as they are asked for, so its size does not matter."""

    def __init__(self, stream: BinaryIO, name: str, newsletter: Newsletter, now: datetime) -> None:
        self.name = name
        self.newsletter = newsletter
        self.elsewhere = 0  # lines read so far that are about another newsletter
        self._stream = stream
        self._now = now

    @property
    def origin(self) -> str:
        """Where these people come from, for the proof of consent."""
        return f"import {self.name}"

    def batches(self, bad: Callable[[int, str], None]) -> Iterator[list[Member]]:
        """The people of the good lines, some at once; `bad` hears the number of each other line, and why.

        Raises UsageError where there are no addresses.
        """
        people: list[Member] = []
        for number, said in self._lines():
            if isinstance(said, Member):
                people.append(said)
            elif said is None:
                self.elsewhere += 1
            else:
                bad(number, str(said))
            if len(people) == BATCH:
                yield people
                people = []
        yield people

    def _lines(self) -> Iterator[tuple[int, Member | UsageError | None]]:
        """Each line's number with its person, with what is wrong, or None: it is about another newsletter."""
        lines = text_lines(self._stream)
        header = next(lines, "")
        delimiter = max(",;\t", key=header.count)
        rows = csv_rows(chain([header], lines), delimiter)
        _, named = next(rows, (1, []))
        columns = _columns(self.name, named)
        kind = next((_FILES[name] for name in columns if name in _FILES), None)
        names = [_COLUMNS.get(name, name) for name in columns]
        for number, row in rows:
            if isinstance(row, SourceError) or any(row):
                yield number, self._told(names, kind, row)

    def _told(
        self, names: list[str], kind: SubscriptionState | None, row: list[str] | SourceError
    ) -> Member | UsageError | None:
        if isinstance(row, SourceError):
            return UsageError(str(row))
        cells = {name: plain(cell.strip()) for name, cell in zip(names, row, strict=False) if cell}
        if cells.get("newsletter", self.newsletter.slug) != self.newsletter.slug:
            return None
        try:
            return self._member(cells, kind)
        except UsageError as error:
            return error

    def _member(self, cells: Row, kind: SubscriptionState | None) -> Member:
        address = accept(cells.get("address", ""))
        wanted = [cells.get(name, "") for name in ("zone", "at", "sections", "days")]
        wanted[0] = wanted[0] or _zone(cells.get("timezone", ""))
        state = kind or _state(cells.get("state", ""))
        return Member(address, order_of(self.newsletter, *wanted), state, self._consent(cells))

    def _consent(self, cells: Row) -> Consent:
        """When and from where somebody asked, as far as the line tells: the proof comes along."""
        asked, confirmed, left = (
            _time(cells, name, self._now) for name in ("asked_at", "confirmed_at", "left_at")
        )
        told = f"{self.origin} {_host(cells.get('optin_ip', ''))}".rstrip()
        origin = cells.get("asked_from", "")[:200] or told
        return Consent(asked or confirmed or self._now, origin, confirmed_at=confirmed, left_at=left)


def _columns(name: str, header: list[str] | SourceError) -> list[str]:
    columns = [] if isinstance(header, SourceError) else [column.strip().lower() for column in header]
    if "address" not in (_COLUMNS.get(column, column) for column in columns):
        raise UsageError(f'{name} line 1: no column "address"; the first line names the columns')
    return columns


def _state(word: str) -> SubscriptionState | None:
    """None for no word. Raises UsageError for one nobody uses: it might mean that there is no consent."""
    if word and word.lower() not in _STATES:
        raise UsageError(f"status {word!r} is not known; known are {', '.join(_STATES)}")
    return _STATES[word.lower()] if word else None


def _zone(name: str) -> str:
    """A zone that another program guessed; where it is none, the newsletter's own holds."""
    return name if name in zone_names() else ""


def _host(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def _time(cells: Row, name: str, now: datetime) -> datetime | None:
    """ISO 8601 in UTC unless it says otherwise, or as Go prints it: `2024-05-01 06:30:00.5 +0000 UTC`."""
    text = cells.get(name, "")
    if not text:
        return None
    words = text.split(" ")
    if len(words) == 4:
        text = f"{words[0]} {words[1][:15]}{words[2]}"
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name} {text!r} is not a time such as 2026-03-10 06:30:00") from None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if found > now:
        raise UsageError(f"{name} {text!r} is in the future")
    return found
