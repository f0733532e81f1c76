"""A source of kind files: a folder into which a CMS, a feed reader or an editor puts files of stories."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.collect import rules
from digest.collect.files import KINDS, parse_file
from digest.collect.harvest import NOTHING, Gathered, Harvest, Summarise, with_leads
from digest.collect.means import Means
from digest.collect.visit import Brought
from digest.errors import SourceError
from digest.model import Source, SourceState

FILES = 100  # read in one go of a child process, within the time it has
OVERLAP = timedelta(minutes=5)  # clocks of file servers differ; what is read twice is stored once


async def read_files(source: Source, state: SourceState, means: Means) -> Brought:
    """The stories of files that are new or changed. Raises SourceError where there is no such folder."""
    since = state.last_success - OVERLAP if state.last_success else datetime.fromtimestamp(0, UTC)
    paths = _changed(Path(source.path), since)
    harvest = NOTHING
    for first in range(0, len(paths), FILES):
        some = await means.children.run(stories, source, paths[first : first + FILES], means.summarise)
        harvest = rules.newest(source, harvest, some)
    return Brought(state, harvest, unchanged=not paths)


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
    return with_leads(rules.apply(source, Harvest(tuple(items), tuple(problems))), summarise)


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
