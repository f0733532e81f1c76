"""The store: does it answer, and at which tables. Nothing is made and nothing migrated."""

from __future__ import annotations

from collections.abc import Iterator

from digest import wiring
from digest.doctor.finding import Finding, error, ok, warning
from digest.errors import StoreError
from digest.settings import Settings
from digest.store.migrate import HEAD, current
from digest.store.upkeep import faults


def database(settings: Settings) -> Iterator[Finding]:
    """Whether the store is there, whole, and at this version's tables."""
    check = "database"
    if _unmade(settings):
        yield ok(check, f"{settings.store.url} is not there yet; the first command makes it")
        return
    store = wiring.database(settings)
    try:
        at = current(store)
        if at != HEAD:
            cure = "run: digest db upgrade (every command does so by itself); back up first"
            yield warning(check, f"its tables are at {at or 'nothing'}, this program's are {HEAD}", cure)
            return
        broken = faults(store)
    except StoreError as fault:
        yield error(check, str(fault), "start it, or set store.url right")
        return
    finally:
        store.close()
    for one in broken:
        yield error(check, one, "stop the service, and: digest db restore BACKUP")
    if not broken:
        yield ok(check, f"whole, at tables {HEAD}")


def _unmade(settings: Settings) -> bool:
    """A SQLite file that no command has made yet: to open it would make it."""
    scheme, _, path = settings.store.url.partition(":///")
    return scheme == "sqlite" and not (settings.folder / path).exists()
