"""Disk room, and who may read what is kept of readers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from digest import ownership
from digest.doctor.finding import Finding, error, ok, warning
from digest.settings import Settings

LEAST = 200 * 1024**2  # bytes free: a day's edition, its ledger and the database's own journal
COMFORT = 2 * 1024**3
PUBLIC = "pictures"  # the pages show them to everybody


def machine(settings: Settings) -> Iterator[Finding]:
    """The disk that var/ is on, and every file below it."""
    var = settings.folder / "var"
    place = var if var.exists() else settings.folder
    yield judge_room(shutil.disk_usage(place).free, place)
    yield from permissions(var)


def judge_room(free: int, place: Path) -> Finding:
    """`free` is in bytes."""
    said = f"{free / 1024**3:.1f} GiB free at {place}"
    if free < LEAST:
        return error("disk", said, "make room: a full disk stops a run in the middle")
    if free < COMFORT:
        return warning("disk", said, "make room before it is needed; backups belong elsewhere")
    return ok("disk", said)


def permissions(var: Path) -> Iterator[Finding]:
    """Addresses and the signing secret are nobody else's business, and the service must write here."""
    check = "permissions"
    if not var.exists():
        yield ok(check, f"{var} is not there yet; the first command makes it")
        return
    files = sorted(file for file in var.rglob("*") if PUBLIC not in file.relative_to(var).parts[:-1])
    found = [
        *(_unwritable(place, var) for place in ownership.unwritable(var)),
        *(_foreign(place, var) for place in ownership.foreign(var) if os.geteuid() == 0),
        *(_open(file) for file in files if file.is_file() and file.stat().st_mode & 0o077),
    ]
    yield from found or [ok(check, f"{var} is ours, and its files are readable by us alone")]


def _unwritable(place: Path, var: Path) -> Finding:
    whose = ownership.user(os.geteuid()) if place == var else ownership.owner(var)
    said = f"{place} belongs to {ownership.owner(place)} and cannot be written by this user"
    return error("permissions", said, f"as root: chown -R {whose} {place}")


def _foreign(place: Path, var: Path) -> Finding:
    """To root all is writable; the service is whose folder it is."""
    said = f"{place} belongs to {ownership.owner(place)}, its folder to {ownership.owner(var)}"
    return warning(
        "permissions", said, f"chown -R {ownership.owner(var)} {place}, and run no command as root"
    )


def _open(file: Path) -> Finding:
    return error("permissions", f"{file} can be read by others", f"run: chmod 600 {file}")
