"""Tables that spreadsheets open: CSV (RFC 4180) in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how one begins, to a spreadsheet


def line(values: Iterable[object], end: str = "\r\n") -> str:
    """One line, each value as a cell."""
    written = io.StringIO()
    csv.writer(written, lineterminator=end).writerow(map(cell, values))
    return written.getvalue()


def cell(value: object) -> str:
    """A value as text: "" for None, a list's parts with ; between. A formula gets a ' in front."""
    text = "" if value is None else ";".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def plain(text: str) -> str:
    """What a cell of ours said."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
