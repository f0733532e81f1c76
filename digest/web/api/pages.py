"""Long lists, a page at a time, each with an opaque cursor that leads to the next."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field, StringConstraints

from digest.web.api.problems import Problem

Row = TypeVar("Row")
Item = TypeVar("Item")
Place = TypeVar("Place", int, str)

# No control characters: no database takes NUL, and no name has the others.
Text = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Mailbox = Annotated[Text, Field(json_schema_extra={"format": "email"}, examples=["ada@example.com"])]
Number = Annotated[int, Field(ge=1, le=2**53)]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many at most.")]
Cursor = Annotated[Text, Query(description="`next` of the page before; leave it out for the first page.")]


class Page(BaseModel, Generic[Item]):
    """Some of a list. `next` is the cursor of what follows, and null on the last page."""

    items: list[Item]
    next: str | None = Field(None, examples=["NDE3"])


def page(
    rows: Sequence[Row], limit: int, place: Callable[[Row], int | str], shown: Callable[[Row], Item]
) -> Page[Item]:
    """The first `limit` of these rows, which are one more than that where another page follows."""
    more = len(rows) > limit
    following = _sealed(place(rows[limit - 1])) if more else None
    return Page(items=[shown(row) for row in rows[:limit]], next=following)


def after(cursor: str, first: Place) -> Place:
    """Where a page begins; without a cursor at `first`. Raises Problem for a cursor that is none of ours."""
    if not cursor:
        return first
    try:
        place = json.loads(urlsafe_b64decode(cursor.encode("ascii")))
    except (ValueError, RecursionError):
        place = None
    if type(place) is not type(first) or (isinstance(place, int) and not 0 <= place <= 2**53):
        raise Problem(422, "cursor: not one that a page of this list gave as `next`")
    return place


def _sealed(place: int | str) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode()
