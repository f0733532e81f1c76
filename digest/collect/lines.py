"""Bytes to lines and rows, whatever program wrote them; one by one, so that their number does not matter."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from digest.errors import SourceError

LINE = 1_000_000  # characters of one line of JSON or CSV


def text_lines(stream: BinaryIO) -> Iterator[str]:
    """The stream's lines as text, whatever its Unicode form or line ends; over-long ones are cut."""
    buffered = io.BufferedReader(cast("io.RawIOBase", stream))
    text = io.TextIOWrapper(buffered, encoding=_codec(buffered.peek(4)[:4]), errors="as-cp1252")
    try:
        while line := text.readline(LINE + 1):
            yield line.replace("\0", "")
            while not line.endswith("\n") and (line := text.readline(LINE)):
                pass  # the rest of an over-long line
    finally:
        with contextlib.suppress(ValueError):  # it was closed already, by who opened it
            text.detach().detach()


def _codec(head: bytes) -> str:
    """UTF-16 by its mark or its zero bytes, else UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head[:2]:
        return "utf-16-be" if head[0] == 0 else "utf-16-le"
    return "utf-8-sig"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """A byte that is not UTF-8 is read as windows-1252: spreadsheets write it, and some files hold both."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace") if error.encoding == "utf-8" else "\ufffd", error.end


def csv_rows(lines: Iterator[str], delimiter: str = ",") -> Iterator[tuple[int, list[str] | SourceError]]:
    """Each row with the number of its first line, or what is wrong with it."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, SourceError(f"not CSV: {error}; is a quote left open?")
            continue
        yield number, row


codecs.register_error("as-cp1252", _as_cp1252)
csv.field_size_limit(LINE)  # Python's default, 131,072, is less than a long report
