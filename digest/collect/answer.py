"""What a web server answered, and what it meant where that was no story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.collect.dates import mail_date
from digest.errors import SourceError

LONGEST_WAIT = timedelta(days=1)  # that a Retry-After is believed


class Declined(SourceError):
    """The server answered and gave nothing: its status, and when it may be asked again."""

    def __init__(self, message: str, retry_after: str = "") -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Fetched:
    """A final answer, whatever its status; `body` is read of a 200 alone, and else empty.

    `moved_to` is where permanent redirects alone have led (RFC 9110, 15.4), "" where there were none.
    """

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: str = ""
    moved_to: str = ""


def declined(answer: Fetched) -> Declined:
    """The error for an answer that brought neither a body nor word that nothing has changed."""
    meaning = {
        401: "it asks for a password",
        403: "it refuses us",
        404: "there is nothing at this address",
        410: "it is gone for good",
        429: "it asks to be asked less often",
    }.get(answer.status, "the server has trouble" if answer.status >= 500 else "with nothing to read")
    return Declined(f"{answer.url}: status {answer.status}, {meaning}", answer.retry_after)


def retry_after(header: str, now: datetime) -> timedelta:
    """How long a Retry-After (RFC 9110, 10.2.3: seconds or a date) asks to wait, at most a day."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        # Python refuses to read a number of some thousand digits.
        wait = timedelta(seconds=int(header)) if len(header) < 9 else LONGEST_WAIT
    else:
        until = mail_date(header)
        wait = until - now if until else timedelta()
    return max(timedelta(), min(wait, LONGEST_WAIT))
