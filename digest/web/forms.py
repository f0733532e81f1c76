"""What a form sent in. Read with limits, wherever it came from: our page, a newspaper's own, a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Request

FIELDS = 1000
LONGEST = 4096  # bytes of one value
DIGITS = 18  # of a number

Form = Mapping[str, Sequence[str]]


async def _read(request: Request) -> Form:
    sent = await request.form(max_files=0, max_fields=FIELDS, max_part_size=LONGEST)
    return {name: [str(value) for value in sent.getlist(name)] for name in sent}


Posted = Annotated[Form, Depends(_read)]


def whole_number(said: str) -> int:
    """The number that somebody wrote, one that every database can hold. Raises ValueError."""
    if said.isdecimal() and len(said) <= DIGITS:
        return int(said)
    raise ValueError(f"{said[:50]!r} is no number")


def first(form: Form, name: str) -> str:
    """A field's value; "" where it was not sent."""
    return next(iter(form.get(name, ())), "")
