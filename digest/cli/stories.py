"""Commands about stories: collect, import, lead."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from digest.cli.app import PARTLY, command, settings
from digest.cli.console import now, out, out_json, say, warn
from digest.errors import DigestError, SourceError, UsageError

if TYPE_CHECKING:
    from digest.collect.children import Children
    from digest.model import Document, Saved
    from digest.steps.collecting import Visit
    from digest.wiring import App

WHOLE = 10_000  # characters: a lead is shown whole here; an edition cuts it at a sentence

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@command("collect")
def collect(
    source: Annotated[str, typer.Option(help="Only this one.")] = "",
    as_json: AsJson = False,
) -> int:
    """Ask every source what is new, and store it.

    \b
    Example: digest collect --source world
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        names = [one.name for one in app.service.sources]
        if source and source not in names:
            raise UsageError(f"no source {source!r} is configured; known are {', '.join(names) or 'none'}")
        visits = asyncio.run(_collect(app, source))
    if as_json:
        out_json({"sources": [_visit_json(visit) for visit in visits]})
    for visit in visits:
        _tell(visit)
    failed = [visit for visit in visits if visit.status == "failed"]
    return PARTLY if failed or any(visit.problems for visit in visits) else 0


async def _collect(app: App, source: str) -> list[Visit]:
    from digest import pipeline
    from digest.steps.hosting import host_pictures

    async with app.collector(by_hand=True) as fetcher:
        visits = await pipeline.collect(app.service, fetcher, now(), source)
        await host_pictures(app.service, fetcher, now())
        return visits


def _visit_json(visit: Visit) -> dict[str, Any]:
    return {"source": visit.source, **visit.told, "problems": visit.problems}


def _tell(visit: Visit) -> None:
    for problem in visit.problems:
        warn(f"source {visit.source}: {problem}")
    if visit.status == "failed":
        warn(f"source {visit.source}: {visit.reason}")
    else:
        why = f" ({visit.reason})" if visit.reason else ""
        skipped = "".join(f", {count} {reason}" for reason, count in visit.skipped.items())
        say(f"{visit.source}: {visit.status}{why}, {_counted(visit.saved)}{skipped}")


def _counted(saved: Saved) -> str:
    return f"{saved.new} new, {saved.changed} changed, {saved.same} known"


@command("import")
def import_stories(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="- is stdin (JSON Lines).")],
    as_json: AsJson = False,
) -> int:
    """Store stories from files: .jsonl .csv .html .txt .xml.

    XML is a feed or a sitemap. A bad line is named with its number; the good ones are kept.

    \b
    Example: digest import tonight.jsonl pages/*.html
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        results = asyncio.run(_import(app, files))
    if as_json:
        out_json({"files": results})
    bad = any(result["problems"] for result in results)
    if bad and not any(result["new"] + result["changed"] + result["same"] for result in results):
        return 1
    return PARTLY if bad else 0


async def _import(app: App, files: list[str]) -> list[dict[str, Any]]:
    from digest.steps.hosting import host_pictures

    async with app.collector() as collector:
        results = [await _import_one(app, name, collector.means.children) for name in files]
        await host_pictures(app.service, collector, now())
        return results


async def _import_one(app: App, name: str, children: Children) -> dict[str, Any]:
    from digest.collect.importing import imported
    from digest.model import Saved
    from digest.steps.collecting import take_in
    from digest.summarise import summarise

    total, problems = Saved(), list[str]()
    try:
        with _stdin_or(name) as stream:
            called = "stdin.jsonl" if name == "-" else name
            async for harvest in imported(called, stream, children, summarise):
                saved = take_in(app.service, "import", harvest, now(), keep_first=None)
                total = Saved(*(a + b for a, b in zip(total, saved, strict=True)))
                problems += harvest.problems
    except (OSError, SourceError, UsageError) as error:
        problems.append(_cause(name, error))
    for problem in problems:
        warn(problem)
    say(f"{name}: {_counted(total)}")
    return {"file": name, **total._asdict(), "problems": problems}


def _cause(name: str, error: Exception) -> str:
    said = str(getattr(error, "strerror", None) or error)
    return said if said.startswith(name) else f"{name}: {said}"


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
    kind = kind or _KINDS.get(Path(file).suffix.lower(), "html")
    if kind not in {*_KINDS.values(), "jsonl"}:
        raise UsageError(f"--kind {kind}: known are html, text, feed, jsonl")
    with _stdin_or(file) as stream:
        if kind == "jsonl":
            return _leads(stream)
        data = stream.read()
    return _lead(data, kind, as_json)


_KINDS = {".html": "html", ".htm": "html", ".txt": "text", ".xml": "feed", ".json": "feed", ".jsonl": "jsonl"}


def _stdin_or(file: str) -> BinaryIO:
    return sys.stdin.buffer if file == "-" else Path(file).open("rb")


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
