"""`digest db …`: the database brought up to date, checked, backed up, restored, copied."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import typer

from digest.cli.app import FAILED, command, group, settings
from digest.cli.console import now, on_terminal, out, out_json, say
from digest.cli.options import AsJson, Yes
from digest.errors import ConfigError, DigestError, UsageError
from digest.words import counted

db = group("db", "The database: upgrade, check, backup, restore, copy.")


@command("upgrade", db)
def upgrade_database() -> int:
    """Bring the database to this version's tables; every command does so by itself.

    \b
    Example: digest db upgrade
    """
    from digest import wiring
    from digest.store.migrate import current

    with wiring.opened(settings()) as app:
        say(f"the database is at {current(app.database)}")
    return 0


@command("check", db)
def check_database(as_json: AsJson = False) -> int:
    """Check that the database can be read, is whole, and is at this version; changes nothing.

    \b
    Example: digest db check
    """
    from digest import wiring
    from digest.store.upkeep import faults

    config = settings()
    if not wiring.is_made(config):
        raise DigestError(f"{config.store.url} is not there yet; the first command that needs it makes it")
    store = wiring.database(config)
    try:
        found = faults(store)
    finally:
        store.close()
    if as_json:
        out_json({"ok": not found, "faults": found})
    else:
        for fault in found:
            out(fault)
    if not found:
        say("the database is whole")
    return FAILED if found else 0


@command("backup", db)
def backup_database(file: str) -> int:
    """Copy the database into a file, while it is in use.

    \b
    Example: digest db backup backup.db
    """
    from digest import wiring
    from digest.store.upkeep import backup

    with wiring.opened(settings()) as app:
        if Path(file).exists():
            raise DigestError(f"{file} is there already; name a new file")
        backup(app.database, Path(file))
    say(f"backed up to {file}")
    return 0


@command("restore", db)
def restore_database(file: str, yes: Yes = False) -> int:
    """Put a backup in the database's place. Stop the service first.

    Who has left or was suppressed since stays so, by var/journal.jsonl. Editions that were being sent are
    held until digest resume: the backup may not know who has had them.

    \b
    Example: digest db restore backup.db
    """
    from digest import wiring
    from digest.store.contents import look_into
    from digest.store.restore import hold_unfinished, replay, restore
    from digest.store.seal import Sealed

    if not Path(file).exists():
        raise UsageError(f"{file}: no such file")
    config = settings()
    store = wiring.database(config)  # as it stands: it may be past bringing up to date
    fingerprint = look_into(store, Path(file)).fingerprint
    sealed = Sealed(fingerprint, knows_somebody=bool(fingerprint))
    if said := wiring.misfit(config, wiring.known_secrets(config), sealed):
        raise ConfigError(said)
    if not yes and not on_terminal():
        raise UsageError("it takes the database's place: without a terminal, say --yes")
    if not yes and not typer.confirm(f"Replace {store.url} by {file}?"):
        return 0
    restore(store, Path(file))
    with wiring.opened(config) as app:
        lines = replay(app.database, app.tokens, now())
        held = hold_unfinished(app.database, now())
    say(f"restored {file}; {counted(lines, 'line', 'lines')} of the journal done again")
    if held:
        editions = counted(held, "edition was being sent and is", "editions were being sent and are")
        say(f"{editions} held: look at digest status, then digest resume")
    return 0


@command("copy", db)
def copy_database(url: str) -> int:
    """Copy everything into another store; run again, it brings the copy up to date. Stop the service first.

    Its password is that of DIGEST_STORE__PASSWORD, unless the address holds one.

    \b
    Example: digest db copy postgresql://digest@db.example.com/digest
    """
    from digest import wiring
    from digest.store.copy import copy
    from digest.store.database import Database
    from digest.store.migrate import upgrade

    with wiring.opened(settings()) as app:
        password = "" if urlsplit(url).password else app.settings.store.password
        target = Database(url, app.settings.folder, password=password)
        if target.url == app.database.url:
            raise UsageError(f"{url} is the store in use; name another one")
        try:
            upgrade(target)
            copy(app.database, target, lambda name, rows: say(f"{name}: {rows}"))
        finally:
            target.close()
    say(f"copied; now set store.url to {url}")
    return 0
