"""Where events go: nowhere for a command that speaks for itself, to stderr for the service.

An event is one unit of work done, with keys that stay: docs/operating.md lists them. On a terminal it is a
readable line, elsewhere one JSON object. structlog is imported by the service alone: it takes as long as the
rest of a short command.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from structlog.typing import Processor

NOISY = tuple(
    """
    alembic apscheduler asyncio httpx2 httpcore2 mail.log procrastinate psycopg.pool uvicorn
    """.split()
)
_ADDRESS = re.compile(r"(?<![\w.+%-])([\w])[\w.+%-]*(@[\w-]+(?:\.[\w-]+)+)")
_log = logging.getLogger("digest")


def for_command() -> None:
    """A command tells people what they must know; records beside that would say it twice."""
    logging.getLogger().addHandler(logging.NullHandler())


def for_service(*, debug: bool = False, quiet: bool = False) -> None:
    """One event a line on stderr, times in UTC; addresses in full with `debug` alone."""
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(debug=debug, terminal=sys.stderr.isatty()))
    level = logging.DEBUG if debug else logging.WARNING if quiet else logging.INFO
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for library in NOISY:
        logging.getLogger(library).setLevel(logging.WARNING)
    # That a tick is left out while its job is still at work is how the ticker is meant to go.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def event(name: str, *, wrong: bool = False, fault: BaseException | None = None, **facts: Any) -> None:
    """A unit of work is done. `wrong`: somebody should look. Facts that are None or "" are left out.

    `fault` is what nobody foresaw, told with its traceback.
    """
    told = {key: value for key, value in facts.items() if value is not None and value != ""}
    level = logging.ERROR if fault else logging.WARNING if wrong else logging.INFO
    _log.log(level, name, exc_info=fault, extra={"facts": told})


def shortened(text: str) -> str:
    """The text with each address in it told by its first letter and its domain."""
    return _ADDRESS.sub(r"\1…\2", text)


def _formatter(*, debug: bool, terminal: bool) -> logging.Formatter:
    import structlog

    colours = terminal and "NO_COLOR" not in os.environ
    # Not its own: it would print the values of variables, and a secret among them.
    plain = structlog.dev.plain_traceback
    shown: Processor = structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)
    written: Processor = structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _with_facts,
            structlog.processors.format_exc_info,
            *([] if debug else [_private]),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            shown if terminal else written,
        ],
    )


def _with_facts(_logger: object, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Our own events bring their facts, a library's record the name of its logger."""
    source: logging.LogRecord = record["_record"]
    record.update(getattr(source, "facts", {} if source.name == "digest" else {"logger": source.name}))
    return record


def _private(_logger: object, _method: str, record: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {key: shortened(value) if isinstance(value, str) else value for key, value in record.items()}
