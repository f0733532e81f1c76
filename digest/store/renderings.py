"""Renderings, kept as compressed JSON, so that a mail comes out the same after any upgrade of the code."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import select

from digest.model import Rendering, Segment
from digest.store import tables
from digest.store.database import Database

FORMAT = 1
_RENDERING = tables.rendering.c


class Renderings:
    """The renderings of frozen editions, a new one for each revision and language."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, edition: int) -> Mapping[str, int]:
        """The newest rendering's id for each locale."""
        query = select(_RENDERING.locale, _RENDERING.id).where(_RENDERING.edition == edition)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_RENDERING.revision))
            return {row.locale: row.id for row in rows}

    def load(self, rendering: int) -> Rendering:
        """A stored rendering. Raises LookupError where there is none."""
        return self.for_sending(rendering)[0]

    def for_sending(self, rendering: int) -> tuple[Rendering, str]:
        """A stored rendering, and the slug of its newsletter. Raises LookupError where there is none."""
        query = (
            select(_RENDERING.body, tables.newsletter.c.slug)
            .select_from(tables.rendering.join(tables.edition).join(tables.newsletter))
            .where(_RENDERING.id == rendering)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise LookupError(f"rendering {rendering} is not stored")
        return unpack(row.body), row.slug


def rendering_row(edition: int, rendering: Rendering) -> dict[str, Any]:
    """A rendering as its table has it."""
    return {
        "edition": edition,
        "revision": rendering.revision,
        "locale": rendering.locale,
        "body": pack(rendering),
    }


def pack(rendering: Rendering) -> bytes:
    """A rendering as it is stored. Segments are ASCII (quoted-printable), hence text in JSON."""
    values = asdict(rendering) | {"format": FORMAT}
    return zlib.compress(json.dumps(values, default=_text, ensure_ascii=False).encode(), 6)


def unpack(body: bytes) -> Rendering:
    """The rendering that `pack` stored, byte for byte."""
    values: dict[str, Any] = json.loads(zlib.decompress(body))
    segments = tuple(_segment(segment) for segment in values["segments"])
    phrases = {name: tuple(wordings) for name, wordings in values["phrases"].items()}
    known = {field.name for field in fields(Rendering)}
    kept = {name: value for name, value in _bytes(values, "head").items() if name in known}
    return Rendering(**(kept | {"segments": segments, "phrases": phrases}))


def _segment(values: dict[str, Any]) -> Segment:
    return Segment(**(_bytes(values, "html", "text") | {"heads": tuple(values["heads"])}))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("ascii")
    raise TypeError(f"a rendering cannot hold {type(value).__name__}")


def _bytes(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return values | {name: values[name].encode("ascii") for name in names}
