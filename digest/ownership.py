"""The files of var/: readable by their owner alone, and the service's even where root makes them.

A command that root runs once must not leave a file behind that the service cannot write: with a journal that
is root's nobody can leave any more.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from pwd import getpwuid


def create(file: Path, content: bytes = b"") -> None:
    """Make a new file, mode 0600. Raises FileExistsError.

    Never an old one, whatever a link of that name leads to: root would give away a file of the system.
    """
    folder(file.parent)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        _give(opened.fileno(), file.parent)
        opened.write(content)


def ensure(file: Path) -> None:
    """Make the file where there is none."""
    with suppress(FileExistsError):
        create(file)


def folder(place: Path) -> None:
    """Make the folder, mode 0700, and those above it where there are none."""
    if place.is_dir():
        return
    folder(place.parent)
    with suppress(FileExistsError):
        place.mkdir(mode=0o700)
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        _give(handle, place.parent)
        os.close(handle)


def unwritable(place: Path) -> list[Path]:
    """What in a folder, itself included, this user cannot write."""
    # Asked for again: a worker's lock may be gone meanwhile.
    return [one for one in _within(place) if not os.access(one, os.W_OK) and one.exists()]


def foreign(place: Path) -> list[Path]:
    """What in a folder belongs to another user than the folder does."""
    return [one for one in _within(place) if one.exists() and owner(one) != owner(place)]


def owner(place: Path) -> str:
    """The name of the user whose file it is."""
    return user(place.stat().st_uid)


def user(number: int) -> str:
    """The name of a user, or the number of one without a name."""
    try:
        return getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _within(place: Path) -> list[Path]:
    return [place, *sorted(place.iterdir())] if place.is_dir() else []


def _give(handle: int, place: Path) -> None:
    if os.geteuid() == 0:
        whose = place.stat()
        os.fchown(handle, whose.st_uid, whose.st_gid)
