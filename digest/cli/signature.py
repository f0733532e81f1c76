"""What a command's function tells of it: its line in the lists, the names of its words."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Annotated

import typer


def summary(function: Callable[..., int]) -> str:
    """How a command's help begins, which stands in the lists whole: cut by nobody but us."""
    return re.split(r"[.;](?:\s|$)", (function.__doc__ or "").strip(), maxsplit=1)[0]


def named(parameter: inspect.Parameter) -> inspect.Parameter:
    """A word that must be given is shown in capitals, as every other value is."""
    if parameter.annotation is not str or parameter.default is not parameter.empty:
        return parameter
    shown = typer.Argument(metavar=parameter.name.upper())
    return parameter.replace(annotation=Annotated[str, shown])
