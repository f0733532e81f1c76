"""`digest collect` and `digest import`: stories come in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from digest.cli.app import FAILED, PARTLY, command, settings
from digest.cli.console import now, out_json, say, stdin_or, warn
from digest.cli.options import AsJson
from digest.errors import SourceError, UsageError

if TYPE_CHECKING:
    from digest.collect.children import Children
    from digest.model import Saved
    from digest.steps.collecting import Visit
    from digest.wiring import App


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
        addresses = {one.name: one.url for one in app.service.sources}
        if source and source not in addresses:
            known = ", ".join(addresses) or "none"
            raise UsageError(f"no source {source!r} is configured; known are {known}")
        visits = asyncio.run(_collect(app, source))
    if as_json:
        out_json({"sources": [_visit_json(visit) for visit in visits]})
    for visit in visits:
        _tell(visit, addresses[visit.source])
    failed = [visit for visit in visits if visit.status == "failed"]
    return PARTLY if failed or any(visit.problems for visit in visits) else 0


async def _collect(app: App, source: str) -> list[Visit]:
    from digest import pipeline
    from digest.steps.hosting import host_pictures

    async with app.collector(by_hand=True) as collector:
        visits = await pipeline.collect(app.service, collector, now(), source)
        await host_pictures(app.service, collector, now())
        return visits


def _visit_json(visit: Visit) -> dict[str, Any]:
    return {"source": visit.source, **visit.told, "problems": visit.problems}


def _tell(visit: Visit, address: str) -> None:
    from digest.doctor.configuration import is_placeholder

    for problem in visit.problems:
        warn(f"source {visit.source}: {problem}")
    if visit.status == "failed":
        cure = f"it is asked again by itself; or: digest collect --source {visit.source}"
        if is_placeholder(urlsplit(address).hostname or ""):
            cure = "put your own feed's address there, in config/digest.toml"
        warn(f"source {visit.source}: {visit.reason}; {cure}")
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
        return FAILED
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
        with stdin_or(name) as stream:
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
