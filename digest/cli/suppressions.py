"""`digest suppressions …`: addresses never to be mailed."""

from __future__ import annotations

from typing import Annotated

import typer

from digest.cli.app import command, group, settings
from digest.cli.console import now, out, out_json, say
from digest.cli.options import AsJson
from digest.errors import UsageError

suppressions = group("suppressions", "Addresses never to be mailed: list, add, lift.")


@command("list", suppressions)
def list_suppressions(as_json: AsJson = False) -> int:
    """List the addresses that are never mailed, and why.

    \b
    Example: digest suppressions list --json
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        every = app.suppressions.every()
    if as_json:
        out_json({"suppressions": [one._asdict() for one in every]})
        return 0
    for one in every:
        out(f"{one.address or '(erased)'}\t{one.reason}\t{one.at:%Y-%m-%d %H:%M}\t{one.detail}")
    return 0


@command("add", suppressions)
def add_suppression(
    address: str, reason: Annotated[str, typer.Option(help="Why, for whoever asks later.")] = "by hand"
) -> int:
    """Never mail an address again, whatever is imported or asked for later.

    \b
    Example: digest suppressions add ada@example.com --reason "asked by phone"
    """
    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        person = accept(address)
        added = app.suppressions.add(person, reason, "", now())
    say(f"{person.mailed} is suppressed" + ("" if added else " already; nothing was changed"))
    return 0


@command("lift", suppressions)
def lift_suppression(
    address: str, by: Annotated[str, typer.Option(help="Who says so; your own name by default.")] = ""
) -> int:
    """Take a suppression back; subscriptions that it had stopped go on. Who and when is kept.

    \b
    Example: digest suppressions lift ada@example.com --by "Ruth, asked by phone"
    """
    from getpass import getuser

    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        person = accept(address)
        if not app.suppressions.lift(person, now(), by or getuser()):
            raise UsageError(f"{person.mailed} is not suppressed")
    say(f"{person.mailed} may be mailed again")
    return 0
