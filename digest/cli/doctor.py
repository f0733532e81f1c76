"""`digest doctor`: everything a morning needs, looked at before it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digest.cli.app import FAILED, command, settings
from digest.cli.console import now, one_line, out, out_json
from digest.cli.options import AsJson
from digest.errors import ConfigError

if TYPE_CHECKING:
    from digest.doctor.finding import Finding


@command("doctor")
def doctor(as_json: AsJson = False) -> int:
    """Look at everything a morning needs; say how to cure what is wrong.

    Configuration, database, clock, disk, permissions, templates, mail server, DNS, sources, public address:
    a line each. Sends nothing. Exit 1 where there is an error; warnings are for a person to weigh.

    \b
    Example: digest doctor
    """
    from digest.doctor.finding import Level

    found = _found()
    worst = Level.ERROR in {one.level for one in found}
    if as_json:
        out_json({"ok": not worst, "findings": [_json(one) for one in found]})
    else:
        for one in found:
            _show(one)
    return FAILED if worst else 0


def _found() -> list[Finding]:
    """A broken configuration is a finding too, and the only one."""
    import asyncio

    from digest import wiring
    from digest.doctor.examination import examine
    from digest.doctor.finding import error

    try:
        with wiring.opened(settings()) as app:
            return asyncio.run(examine(app, now()))
    except ConfigError as wrong:
        cure = "set it right; every key is described in config/digest.toml of digest init"
        return [error("configuration", line, cure) for line in str(wrong).splitlines()]


def _show(one: Finding) -> None:
    out(f"{one.level:8}{one.check}: {one_line(one.said)}")
    if one.cure:
        out(f"        → {one.cure}")


def _json(one: Finding) -> dict[str, Any]:
    return one._asdict()
