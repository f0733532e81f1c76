"""Single mails beside the editions."""

from __future__ import annotations

from typing import NamedTuple


class Single(NamedTuple):
    """A single mail to be put into the outbox; the same `key` again is not another."""

    key: str
    kind: str
    address: str
    mail: bytes


class Mail(NamedTuple):
    """A single mail to be sent, beside the editions: whole, as it goes on the wire but for the final dot."""

    id: int
    address: str
    mail: bytes
    attempts: int


class Telling(NamedTuple):
    """A correction that is being told to those who have the edition as it was."""

    id: int
    edition: int
    revision: int  # whoever has an earlier one is told
    said: str
    after: int  # the last delivery whose reader was written to
