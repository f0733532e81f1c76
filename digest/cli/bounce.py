"""`digest bounce`: returned mails from files or an MTA's pipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.app import command, settings
from digest.cli.console import now, out, out_json, stdin_or
from digest.cli.options import AsJson

if TYPE_CHECKING:
    from digest.steps.absorbing import Absorbed

LARGEST = 1_000_000  # bytes of one mail that are read; the rest of a larger one says nothing new


@command("bounce")
def bounce(
    files: Annotated[list[str] | None, typer.Argument(metavar="FILE", help="- or none is stdin.")] = None,
    as_json: AsJson = False,
) -> int:
    """Take returned mails in and tell what they say. Only a token of ours makes one count.

    \b
    Examples: digest bounce returned/*.eml
              |digest bounce - --quiet --config /srv/config/digest.toml
    """
    from digest import pipeline, wiring

    with wiring.opened(settings()) as app:
        mails = ((file, _read(file)) for file in files or ["-"])  # some at a time in memory
        results = _told(pipeline.absorb(app.absorbing, mails, now()))
    if as_json:
        out_json({"results": results})
        return 0
    for result in results:
        out(f"{result['file']}: {result['kind']}{', applied' if result['applied'] else ''}")
    return 0


def _told(files: Sequence[tuple[str, Absorbed]]) -> list[dict[str, object]]:
    """The results as `digest bounce --json` gives them."""
    return [
        {
            "file": file,
            "kind": absorbed.kind,
            "recipients": [
                {"address": one.address, "kind": one.kind, "status": one.status, "reply": one.reply}
                for one in absorbed.recipients
            ],
            "applied": absorbed.applied,
        }
        for file, absorbed in files
    ]


def _read(file: str) -> bytes:
    with stdin_or(file) as stream:
        return stream.read(LARGEST)
