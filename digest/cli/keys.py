"""`digest keys …`: who may use the API."""

from __future__ import annotations

from typing import Annotated

import typer

from digest.cli.app import command, group, settings
from digest.cli.console import now, out, out_json, say
from digest.cli.options import AsJson
from digest.errors import UsageError

keys = group("keys", "Keys to the API: add, list, remove.")


@command("add", keys)
def add_key(
    name: str,
    scope: Annotated[
        list[str],
        typer.Option(help="read, stories:write, editions:write or subscribers:write; may be given again."),
    ],
    as_json: AsJson = False,
) -> int:
    """Make a key and show it, this once: only its hash is kept.

    \b
    Example: digest keys add cms --scope stories:write
    """
    from digest import wiring
    from digest.model import Scope

    unknown = [one for one in scope if one not in list(Scope)]
    if unknown:
        raise UsageError(f"no scope {unknown[0]!r}; known are {', '.join(Scope)}")
    with wiring.opened(settings()) as app:
        key = app.keys.add(name, {Scope(one) for one in scope}, now())
    if as_json:
        out_json({"name": name, "scopes": sorted(set(scope)), "key": key})
    else:
        out(key)
    say(f"keep the key of {name} where its program finds it; it is not shown again")
    return 0


@command("list", keys)
def list_keys(as_json: AsJson = False) -> int:
    """List the keys, what each allows, and since when.

    \b
    Example: digest keys list
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        every = app.keys.every()
    if as_json:
        told = [{"name": one.name, "scopes": sorted(one.scopes), "created": one.created} for one in every]
        out_json({"keys": told})
        return 0
    for one in every:
        out(f"{one.name}\t{' '.join(sorted(one.scopes))}\t{one.created:%Y-%m-%d %H:%M}")
    return 0


@command("remove", keys)
def remove_key(name: str) -> int:
    """Take a key back; its next request is refused.

    \b
    Example: digest keys remove cms
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        if not app.keys.remove(name):
            raise UsageError(f"there is no key {name!r}; see: digest keys list")
    say(f"the key of {name} does not work any more")
    return 0
