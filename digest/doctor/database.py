"""The store: does it answer, and at which tables. Nothing is made and nothing migrated."""

from __future__ import annotations

from collections.abc import Iterator

from digest import wiring
from digest.doctor.finding import Finding, error, ok, warning
from digest.errors import ConfigError, StoreError
from digest.settings import Settings
from digest.store.cures import UNREACHABLE
from digest.store.migrate import HEAD, current, is_newer, mismatch
from digest.store.seal import Seal
from digest.store.upkeep import faults


def database(settings: Settings) -> Iterator[Finding]:
    """Whether the store is there, whole, and at this version's tables."""
    check = "database"
    if not wiring.is_made(settings):
        yield ok(check, f"{settings.store.url} is not there yet; the first command makes it")
        return
    store = wiring.database(settings)
    try:
        at = current(store)
        if said := mismatch(at):
            yield _mismatch(check, said, is_newer(at))
            return
        yield from _secret(settings, Seal(store))
        broken = faults(store)
    except StoreError as fault:
        said, _, cure = str(fault).removeprefix("database ").partition("; ")
        yield error(check, said, cure or UNREACHABLE)
        return
    finally:
        store.close()
    for one in broken:
        yield error(check, one, "stop the service, and: digest db restore BACKUP")
    if not broken:
        yield ok(check, f"whole, at tables {HEAD}")


def _secret(settings: Settings, seal: Seal) -> Iterator[Finding]:
    """Whether the signing secret is the one that the database belongs to."""
    try:
        said = wiring.misfit(settings, wiring.known_secrets(settings), seal.look())
    except ConfigError as wrong:
        said = str(wrong)
    said, _, cure = said.partition("; ")
    if said:
        yield error("secret", said, cure)


def _mismatch(check: str, said: str, newer: bool) -> Finding:
    said, _, cure = said.partition("; ")
    if newer:
        return error(check, said, cure)
    return warning(check, said, f"{cure} (every command does so by itself); back up first")
