"""`digest lead`: the lead of a page, a text or a feed entry; needs no configuration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from digest.cli.app import PARTLY, command
from digest.cli.console import out, out_json, say, stdin_or, warn
from digest.cli.options import AsJson
from digest.errors import DigestError, UsageError

if TYPE_CHECKING:
    from digest.model import Document

WHOLE = 10_000  # characters: a lead is shown whole here; an edition cuts it at a sentence
KINDS = {".html": "html", ".htm": "html", ".txt": "text", ".xml": "feed", ".json": "feed", ".jsonl": "jsonl"}


@command("lead")
def lead(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="- or nothing is stdin.")] = "-",
    kind: Annotated[
        str, typer.Option(help="html, text, feed or jsonl; else by the file's ending, html for stdin.")
    ] = "",
    as_json: AsJson = False,
) -> int:
    """Find the lead of a page, a text or a feed entry.

    The lead is the paragraph that tells its news.
    With --kind jsonl each line in is an object with id and one of html, text, feed; each line out has id and
    lead. With --json: the lead, the candidates and the reason. Needs no configuration.

    \b
    Examples: digest lead story.html
              curl -s https://news.example.com/1 | digest lead
    """
    kind = kind or KINDS.get(Path(file).suffix.lower(), "html")
    if kind not in {*KINDS.values(), "jsonl"}:
        raise UsageError(f"--kind {kind}: known are html, text, feed, jsonl")
    with stdin_or(file) as stream:
        if kind == "jsonl":
            return _leads(stream)
        data = stream.read()
    return _lead(data, kind, as_json)


def _lead(data: bytes, kind: str, as_json: bool) -> int:
    from digest.collect import decode
    from digest.summarise import summarise

    text = decode.text(data)
    summary = summarise(_feed_entry(text) if kind == "feed" else _document(kind, text), WHOLE)
    if as_json:
        from dataclasses import asdict

        out_json(asdict(summary))
    else:
        out(summary.lead)
        if not summary.lead:
            say(summary.reason)
    return 0


def _document(kind: str, text: str, url: str = "", title: str = "") -> Document:
    from digest.model import Document

    return Document(kind=kind, text=text, url=url, title=title)


def _feed_entry(text: str, url: str = "", title: str = "") -> Document:
    """The one entry of a feed. Raises SourceError where it has none."""
    from digest.collect.feeds import parse_feed

    harvest = parse_feed(text.encode(), "", url)
    document = harvest.items[0].document if harvest.items else None
    if document is None:
        found = harvest.items[0].found if harvest.items else None
        return _document("entry", found.summary if found else "", url, found.title if found else title)
    return document


def _leads(stream: BinaryIO) -> int:
    """One line out for each line in; a line that cannot be read is named and has no lead."""
    from digest.summarise import summarise

    bad = 0
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            summary = summarise(_case(case), WHOLE)
        except (ValueError, DigestError) as error:
            bad += 1
            warn(f"line {number}: {error}")
            continue
        out(json.dumps({"id": case.get("id"), "lead": summary.lead}, ensure_ascii=False))
    return PARTLY if bad else 0


def _case(case: Any) -> Document:
    if not isinstance(case, dict):
        raise UsageError("a case is a JSON object")
    about = str(case.get("url") or ""), str(case.get("title") or "")
    for kind in ("feed", "html", "text"):
        if isinstance(case.get(kind), str):
            return _feed_entry(case[kind], *about) if kind == "feed" else _document(kind, case[kind], *about)
    raise UsageError("a case needs one of html, text or feed, as text")
