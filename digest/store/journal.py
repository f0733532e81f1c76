"""Who left and who is suppressed, also written outside the database, so that no backup brings them back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from digest import ownership
from digest.errors import StoreError

LEFT, SUPPRESSED, LIFTED, ERASED = "left", "suppressed", "lifted", "erased"


class Entry(NamedTuple):
    """One line. `key` is a subscription's or subscriber's ref in hex, or a suppression's keyed hash."""

    at: datetime
    what: str
    key: str
    reason: str = ""


class Journal:
    """A file of lines that only grows; a line is on the disk before the caller answers.

    Who leaves, is suppressed or erased is written down before the transaction that says so commits: a line
    too many does no harm, one too few might mail them again. A suppression is lifted here after it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def append(self, *entries: Entry) -> None:
        """Write lines down, with one wait for the disk; none at all where there are none.

        Raises StoreError where that fails: then the caller's transaction must fail, too.
        """
        if not entries:
            return
        try:
            ownership.ensure(self._file)
            with self._file.open("a", encoding="utf-8") as journal:
                journal.writelines(map(_line, entries))
                journal.flush()
                os.fsync(journal.fileno())
        except OSError as error:
            why = f"{error.strerror}; nobody can leave until it can be written; run: digest doctor"
            raise StoreError(f"{self._file}: {why}") from error

    def __iter__(self) -> Iterator[Entry]:
        """Every line, oldest first; one that a crash cut short is passed over."""
        if not self._file.exists():
            return
        with self._file.open(encoding="utf-8") as journal:
            for line in journal:
                try:
                    values = json.loads(line)
                    yield Entry(**values | {"at": datetime.fromisoformat(values["at"])})
                except (ValueError, TypeError, KeyError):
                    continue


def _line(entry: Entry) -> str:
    return json.dumps(entry._asdict() | {"at": entry.at.astimezone(UTC).isoformat()}) + "\n"
