"""The `digest` command: options that every command has, errors as one line, and the exit codes.

0 done; 1 the work failed; 2 wrong usage or configuration; 3 partly done; 130 interrupted.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from digest import __version__, logs
from digest.cli.signature import named, summary
from digest.errors import ConfigError, DigestError, UsageError

if TYPE_CHECKING:
    from digest.settings import Settings

FAILED, USAGE, PARTLY, INTERRUPTED = 1, 2, 3, 130


@dataclass
class Common:
    """What was asked for with the options that every command has."""

    config: Path | None = None
    quiet: bool = False
    no_progress: bool = False
    debug: bool = False


_common = Common()


def common() -> Common:
    """The common options of this run."""
    return _common


def settings() -> Settings:
    """The configuration this run works with. Raises ConfigError."""
    from digest.settings import load

    return load(_common.config)


_COMMON = {
    "config": Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The configuration; else DIGEST_CONFIG, else config/digest.toml."),
    ],
    "quiet": Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")],
    "no_progress": Annotated[bool, typer.Option("--no-progress", help="No progress bar.")],
    "debug": Annotated[bool, typer.Option("--debug", help="Show where in the code an error came from.")],
}

CONTEXT = {"max_content_width": 80, "help_option_names": ["--help", "-h"]}


def group(name: str, text: str) -> typer.Typer:
    """A family of commands under one word."""
    family = typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None, context_settings=CONTEXT)
    app.add_typer(family, name=name, short_help=text.rstrip("."))
    return family


app = typer.Typer(
    name="digest",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings=CONTEXT,
    pretty_exceptions_enable=False,
)


def command(name: str, parent: typer.Typer = app) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Register a command: with the common options, errors told in one line, the result as exit code."""

    def register(function: Callable[..., int]) -> Callable[..., int]:
        @wraps(function)
        def run(**values: Any) -> NoReturn:
            for option in _COMMON:
                setattr(_common, option, values.pop(option))
            raise typer.Exit(_guarded(function, values))

        signature = _with_common(function)
        run.__signature__ = signature  # type: ignore[attr-defined]  # read by inspect.signature
        run.__annotations__ = {name: one.annotation for name, one in signature.parameters.items()}
        parent.command(name, short_help=summary(function), context_settings=CONTEXT)(run)
        return function

    return register


def _with_common(function: Callable[..., int]) -> inspect.Signature:
    signature = inspect.signature(function, eval_str=True)
    kind, defaults = inspect.Parameter.KEYWORD_ONLY, Common()
    added = [
        inspect.Parameter(name, kind, default=getattr(defaults, name), annotation=annotation)
        for name, annotation in _COMMON.items()
    ]
    own = [named(parameter).replace(kind=kind) for parameter in signature.parameters.values()]
    return signature.replace(parameters=own + added)


def _guarded(function: Callable[..., int], values: dict[str, Any]) -> int:
    logs.for_command()
    try:
        return function(**values)
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("digest: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough; the interpreter would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if _common.debug:
            raise
        return _told(error)


def _told(error: Exception) -> int:
    said = str(error)
    if isinstance(error, OSError) and error.filename:
        said = f"{error.filename}: {error.strerror}"
    elif not isinstance(error, (DigestError, OSError)):
        said = f"internal fault: {type(error).__name__}: {error}; please report it with what --debug shows"
    for line in said.splitlines():
        typer.echo(f"digest: {line}", err=True)
    return USAGE if isinstance(error, (ConfigError, UsageError)) else FAILED


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"digest {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _asked: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Today's news headlines, directly to your inbox every morning.

    \b
    Try it now, with nothing set up:    digest demo
    Start for real:                     digest init
    See today's edition:                digest preview --open
    Send it once by hand:               digest send
    Let it run, every morning:          digest run
    """


# In the order in which `digest --help` lists them.
FAMILIES = (
    *("stories", "lead", "readers", "subscribers", "rosters", "suppressions", "keys"),
    *("preview", "sending", "editions", "clicks", "running", "roles", "status", "doctor"),
    *("users", "bounce", "trust", "setup", "database", "demo", "inbox"),
)


def register() -> None:
    """Import the families of commands, each of which puts itself on the list."""
    for family in FAMILIES:
        import_module(f"digest.cli.{family}")


def main() -> None:
    """Run a command and exit as the contract says."""
    register()
    app()
