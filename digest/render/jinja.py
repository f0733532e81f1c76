"""Jinja2, for the package's templates and for an operator's own, which run in a sandbox.

The sandbox keeps a template that somebody handed on from reading the process it runs in, and from running
for ever. It is no jail against a template that means to fill the memory.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range

from digest.errors import TemplateError
from digest.render.catalogue import Wording
from digest.render.texts import wrap
from digest.resources import resource

SECONDS = 0.8  # of CPU: a busy machine refuses no template; our own take 0.01
LONGEST = 100_000  # characters or items one operation may make
GROWING = {"center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map"}


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with a deadline. One is made for each rendering, so files are read again each time."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.ends = time.thread_time() + SECONDS
        self.globals["range"] = self._range
        for name in ("center", "format", "indent"):
            del self.filters[name]

    def check_time(self) -> None:
        if time.thread_time() > self.ends:
            raise SecurityError(f"it takes longer than {SECONDS} s of CPU")

    def _range(self, *args: int) -> Iterator[int]:
        for number in safe_range(*args):
            self.check_time()
            yield number

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.check_time()
        return super().call(context, obj, *args, **kwargs)

    def getattr(self, obj: Any, attribute: str) -> Any:
        self.check_time()
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in GROWING and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """Jinja lets a checked str.format through; GROWING refuses it: a width in it fills the memory."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if (
            not all(isinstance(side, int) and abs(side) <= LONGEST for side in (left, right))
            or operator == "**"
        ):
            raise SecurityError(f"{operator} is for small numbers only")
        return super().call_binop(context, operator, left, right)


def _options(loader: FileSystemLoader | ChoiceLoader) -> dict[str, Any]:
    return {
        "loader": loader,
        "undefined": StrictUndefined,
        "autoescape": lambda name: bool(name) and name.endswith(".html"),
        "extensions": ["jinja2.ext.i18n"],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def _own() -> FileSystemLoader:
    return FileSystemLoader(resource("templates"))


@cache
def _package_environment(wording: Wording) -> Environment:
    return _equipped(Environment(**_options(_own())), wording)  # noqa: S701 - autoescape is in _options


def _environment(folder: str, wording: Wording) -> Environment:
    if not folder:
        return _package_environment(wording)
    if not Path(folder).is_dir():
        raise TemplateError(
            f"the template folder {folder} does not exist: copy templates/ there, or name no folder"
        )
    loader = ChoiceLoader([FileSystemLoader(folder), _own()])
    return _equipped(Sandbox(**_options(loader)), wording)


def _equipped(environment: Environment, wording: Wording) -> Environment:
    environment.filters["wrap"] = wrap
    install: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined]  # added by jinja2.ext.i18n
    install(wording.gettext, wording.ngettext, newstyle=True)
    return environment


def render_templates(
    folder: str, names: tuple[str, ...], values: Mapping[str, Any], wording: Wording
) -> tuple[str, ...]:
    """The named templates, each rendered with `values`; an operator's `folder` goes before the package's.

    Raises TemplateError naming template, line and what is missing.
    """
    environment = _environment(folder, wording)
    return tuple(_render(environment, name, values) for name in names)


def _render(environment: Environment, name: str, values: Mapping[str, Any]) -> str:
    try:
        return environment.get_template(name).render(values)
    except TemplateNotFound as error:
        raise TemplateError(f"{name}: there is no template {error}") from error
    except TemplateSyntaxError as error:
        raise TemplateError(f"{error.name or name}, line {error.lineno}: {error.message}") from error
    except Exception as error:  # whatever an operator's template does: theirs to mend, so it is named
        where = _where(error, environment) or name
        raise TemplateError(f"{where}: {error or type(error).__name__}") from error


def _where(error: Exception, environment: Environment) -> str:
    """The template and line that failed. Jinja rewrites tracebacks so that they name template files."""
    names = {
        str(Path(folder, name)): name
        for folder in _folders(environment)
        for name in environment.list_templates()
    }
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in names]
    return f"{names[frames[-1].filename]}, line {frames[-1].lineno}" if frames else ""


def _folders(environment: Environment) -> list[str]:
    loader = environment.loader
    loaders = loader.loaders if isinstance(loader, ChoiceLoader) else [loader]
    return [path for each in loaders if isinstance(each, FileSystemLoader) for path in each.searchpath]
