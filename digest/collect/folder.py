"""A source of kind files: a folder into which a CMS, a feed reader or an editor puts files of stories."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.collect import rules
from digest.collect.files import KINDS, parse_file
from digest.collect.harvest import NOTHING, Gathered, Harvest, Summarise, told
from digest.collect.visit import Visit
from digest.collect.workers import Workers
from digest.errors import SourceError
from digest.model import Source, SourceState

FILES = 1_000  # read in one go of a child process
OVERLAP = timedelta(minutes=5)  # clocks of file servers differ; what is read twice is stored once


async def read_folder(
    source: Source, state: SourceState, workers: Workers, summarise: Summarise | None
) -> Visit:
    """The stories of files that are new or changed. Raises SourceError where there is no such folder."""
    since = state.last_success - OVERLAP if state.last_success else datetime.fromtimestamp(0, UTC)
    paths = _changed(Path(source.path), since)
    harvest = NOTHING
    for first in range(0, len(paths), FILES):
        some = await workers.run(stories, source, paths[first : first + FILES], summarise)
        harvest = rules.newest(source, harvest, some)
    return Visit(state, harvest, unchanged=not paths)


def stories(source: Source, paths: list[Path], summarise: Summarise | None) -> Harvest:
    """What is done in the child process: every file read; one that cannot be is told, the others are kept."""
    items: list[Gathered] = []
    problems: list[str] = []
    for path in paths:
        try:
            with path.open("rb") as stream:
                for part in parse_file(path.name, stream):
                    items += part.items
                    problems += part.problems
        except (SourceError, OSError) as error:
            problems.append(str(error))
    return told(rules.apply(source, Harvest(tuple(items), tuple(problems))), summarise)


def _changed(folder: Path, since: datetime) -> list[Path]:
    """Files of a known kind, by name; what a writer has not finished should not bear its name yet."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in KINDS)
    except OSError as error:
        raise SourceError(f"{folder}: {error.strerror}") from error
    return [path for path in files if _is_file_since(path, since.timestamp())]


def _is_file_since(path: Path, since: float) -> bool:
    """False too for what was taken away meanwhile."""
    try:
        found = path.stat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_mtime >= since
