"""`digest users …`: who may sign in at the desk."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.app import FAILED, command, group, settings
from digest.cli.console import now, out, out_json, say, warn
from digest.cli.options import AsJson
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.wiring import App

users = group("users", "Who may sign in at the desk: add, list, remove, password.")

Person = Annotated[str, typer.Argument(metavar="ADDRESS", help="Their mail address.")]
AsRole = Annotated[
    str, typer.Option("--role", metavar="ROLE", help="operator, editor or viewer (who changes nothing).")
]

WithoutPassword = Annotated[
    bool, typer.Option("--no-password", help="They sign in by the OpenID provider of [oidc] alone.")
]


@command("add", users)
def add_user(
    address: Person, role: AsRole = "editor", no_password: WithoutPassword = False, as_json: AsJson = False
) -> int:
    """Add somebody to the desk. The password is asked for; without a terminal it is a line on stdin.

    \b
    Examples: digest users add ada@example.com --role operator
              digest users add ada@example.com < password.txt
              digest users add ada@example.com --no-password
    """
    from digest import passwords, wiring
    from digest.addresses import accept
    from digest.model import Duty

    person = accept(address)
    if role not in list(Duty):
        raise UsageError(f"--role {role}: must be {', '.join(Duty)}")
    if no_password and not settings().oidc.issuer:
        raise UsageError("--no-password: nobody could sign in so; set [oidc] in the configuration first")
    with wiring.opened(settings()) as app:
        if app.accounts.password(person.key) is not None:
            created = False
        else:
            password = "" if no_password else passwords.hashed(_password())
            created = app.accounts.add(person.key, password, Duty(role), now())
            _note(app, f"added a {role}", person.key)
    if as_json:
        out_json({"address": person.key, "role": role, "created": created})
    say(f"{person.key} may sign in as {role}" if created else f"{person.key} can sign in already")
    return 0


@command("list", users)
def list_users(as_json: AsJson = False) -> int:
    """List who may sign in.

    \b
    Example: digest users list
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        known = app.accounts.every()
    if as_json:
        out_json({"users": [{"address": one.address, "role": one.duty} for one in known]})
        return 0
    for one in known:
        out(f"{one.address} {one.duty}")
    return 0


@command("remove", users)
def remove_user(address: Person, as_json: AsJson = False) -> int:
    """Take somebody off the desk; they are signed out at once.

    \b
    Example: digest users remove ada@example.com
    """
    from digest import wiring
    from digest.addresses import accept

    person = accept(address)
    with wiring.opened(settings()) as app:
        removed = app.accounts.remove(person.key)
        if removed:
            _note(app, "removed", person.key)
    if as_json:
        out_json({"address": person.key, "removed": removed})
    return _done(removed, person.key, "was removed")


@command("password", users)
def set_password(address: Person, as_json: AsJson = False) -> int:
    """Set somebody's password; every browser they had signed in with is signed out.

    \b
    Example: digest users password ada@example.com
    """
    from digest import passwords, wiring
    from digest.addresses import accept

    person = accept(address)
    with wiring.opened(settings()) as app:
        known = app.accounts.password(person.key) is not None
        if known:
            app.accounts.set_password(person.key, passwords.hashed(_password()))
            _note(app, "set the password", person.key)
    if as_json:
        out_json({"address": person.key, "changed": known})
    return _done(known, person.key, "has a new password")


def _password() -> str:
    """Asked for twice and not shown; a password never stands among the arguments, where others see it."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _note(app: App, did: str, who: str) -> None:
    app.audit.note("command", did, who, now())


def _done(done: bool, address: str, what: str) -> int:
    if not done:
        warn(f"nobody signs in as {address}; those who do: digest users list")
        return FAILED
    say(f"{address} {what}")
    return 0
