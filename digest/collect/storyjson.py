"""A story as JSON: one shape for imports, the push API and rows of a database (docs/sources.md)."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from digest.collect import clean, pictures
from digest.collect.dates import parse_date, utc
from digest.collect.harvest import Gathered
from digest.collect.identity import canonical, identity
from digest.errors import SourceError
from digest.model import Document, Found, Picture

TEXTS = tuple(
    """
    id url title section published_at body summary lead byline agency language promoted
    """.split()
)
KEYS = (*TEXTS, "image", "pick")
IMAGE_KEYS = tuple("url alt caption credit width height".split())
COLUMNS = tuple(key for key in KEYS if key != "image") + tuple(f"image_{key}" for key in IMAGE_KEYS)
_TRUTH = {
    "1": True,
    "true": True,
    "yes": True,
    "t": True,
    "0": False,
    "false": False,
    "no": False,
    "f": False,
}


def read_story(given: object) -> Gathered:
    """The story that a JSON object tells. Raises SourceError: which key is wrong, and what would be right."""
    if not isinstance(given, dict):
        raise SourceError(f"a story is a JSON object, not {_kind(given)}")
    _refuse_unknown(given, KEYS, "key")
    texts = {key: _text(given, key) for key in TEXTS}
    title, url = clean.line(texts["title"]), clean.link(texts["url"])
    if not title:
        raise SourceError('"title" is missing: a story needs its headline')
    if not url and texts["url"].strip():
        raise SourceError(f'"url" is not an http or https address: {clean.line(texts["url"], clean.QUOTED)}')
    if not url and not texts["id"].strip():
        raise SourceError('"url" is missing: a story needs its address, or at least an "id"')
    found = Found(
        identity=identity(clean.line(texts["id"], clean.ID), url, title),
        url=url,
        canonical=canonical(url),
        title=title,
        published=_moment(given.get("published_at")),
        section=clean.line(texts["section"], clean.LABEL),
        summary=clean.paragraphs(texts["summary"], clean.SUMMARY),
        body=clean.paragraphs(texts["body"]),
        lead=clean.line(texts["lead"], clean.SUMMARY),
        byline=clean.line(texts["byline"], clean.BYLINE),
        agency=clean.line(texts["agency"], clean.LABEL),
        picture=_picture(given.get("image"), url),
        language=clean.line(texts["language"], clean.LANGUAGE),
        pick=_flag(given, "pick"),
        promoted=clean.line(texts["promoted"], clean.LABEL),
    )
    return Gathered(found, _document(found, texts))


def read_flat(row: Mapping[str, Any]) -> Gathered:
    """The story that a row of named columns tells: the same keys, image_url, image_alt … for the picture."""
    given = {key: value for key, value in row.items() if value is not None and value != ""}
    image = {key: given.pop(f"image_{key}") for key in IMAGE_KEYS if f"image_{key}" in given}
    if isinstance(given.get("pick"), str):
        given["pick"] = _TRUTH.get(given["pick"].strip().lower(), given["pick"])
    return read_story({**given, "image": image} if image else given)


def _document(found: Found, texts: Mapping[str, str]) -> Document | None:
    if found.lead:
        return None
    text, summary = (clean.characters(texts[key][: clean.MARKUP]) for key in ("body", "summary"))
    return Document(kind="entry", text=text, summary=summary, url=found.url, title=found.title)


def _refuse_unknown(given: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(str(key).lower(), known, n=1)
            cure = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
            raise SourceError(f'unknown {what} "{clean.line(str(key), clean.QUOTED)}": {cure}')


def _text(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | datetime):
        raise SourceError(f'"{key}" must be text, not {_kind(value)}')
    return str(value)


def _moment(given: object) -> datetime | None:
    """The date; a database gives it ready made, JSON as ISO 8601."""
    if given is None or given == "":
        return None
    moment = utc(given) if isinstance(given, datetime) else parse_date(str(given))
    if moment is None:
        shown = clean.line(str(given), clean.QUOTED)
        raise SourceError(f'"published_at" is not a date: {shown}; write it as 2026-03-01T06:30:00Z')
    return moment


def _flag(given: Mapping[str, Any], key: str) -> bool:
    value = given.get(key)
    if value in (None, "", 0, 1, True, False):
        return bool(value)
    raise SourceError(f'"{key}" must be true or false, not {clean.line(str(value), clean.QUOTED)}')


def _picture(given: object, base: str) -> Picture | None:
    """The story's own picture is taken as it is: who names one means it."""
    if given is None or given == "":
        return None
    image = {"url": given} if isinstance(given, str) else given
    if not isinstance(image, dict):
        raise SourceError(f'"image" must be an object with "url", not {_kind(given)}')
    _refuse_unknown(image, IMAGE_KEYS, "key in image")
    texts = {key: _text(image, key) for key in IMAGE_KEYS}
    picture = pictures.offered(base=base, **texts)
    if not picture.url:
        raise SourceError(f'"image" has no http or https "url": {clean.line(texts["url"], clean.QUOTED)}')
    return picture


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number"}
    return names.get(type(value), "a number" if isinstance(value, float) else "nothing")
