"""Renderings as bytes: JSON, compressed, so that a mail comes out the same after any upgrade of the code."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, fields
from typing import Any

from digest.model import Rendering, Segment

FORMAT = 1


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
