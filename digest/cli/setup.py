"""`digest init`: a configuration and a signing secret, to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digest.cli.app import command
from digest.cli.console import say
from digest.errors import UsageError

NEXT = [
    "edit config/digest.toml       your feeds, your newsletter, your mail server",
    "digest doctor                 is everything as a morning needs it?",
    "digest collect                what is new?",
    "digest preview --open         today's edition, as it would be sent",
    "digest subscribe you@example.com --confirmed",
    "digest send                   once, by hand; again, it sends nothing twice",
    "digest run                    every morning from now on, with its pages",
]


@command("init")
def init(folder: Annotated[str, typer.Argument(metavar="[DIR]")] = ".") -> int:
    """Make a commented configuration and a signing secret; asks nothing.

    \b
    Example: digest init mornings && cd mornings && digest preview
    """
    from digest.resources import resource
    from digest.wiring import make_secret

    target = Path(folder) / "config" / "digest.toml"
    if target.exists():
        raise UsageError(f"{target} is there already; nothing was changed")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(resource("config/digest.toml").read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{target} cannot be made: {error.strerror}; name a folder you may write to: digest init DIR"
        ) from None
    secret = Path(folder) / "var" / "secret"
    kept = secret.exists()
    if not kept:
        make_secret(secret)
    say(f"made {target}: every key explained, with its default")
    say(f"{'kept' if kept else 'made'} {secret}: it signs readers' links; keep a copy in a safe place")
    say("next:")
    for step in [f"cd {folder}"] * (folder != ".") + NEXT:
        say(f"  {step}")
    say("no mail server yet? digest inbox catches everything, with pages to read it")
    return 0
