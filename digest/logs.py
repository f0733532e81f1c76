"""Where log records go: nowhere for a command that speaks for itself, to stderr for the service."""

from __future__ import annotations

import logging
import time


def for_command() -> None:
    """A command tells people what they must know; records beside that would say it twice."""
    logging.getLogger().addHandler(logging.NullHandler())


def for_service(*, debug: bool = False) -> None:
    """One line an event on stderr, times in UTC."""
    handler = logging.StreamHandler()
    handler.setFormatter(_utc("%(asctime)sZ %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if debug else logging.INFO, force=True)
    for library in (
        "alembic",
        "apscheduler",
        "httpx2",
        "httpcore2",
        "mail.log",
        "procrastinate",
        "psycopg.pool",
        "uvicorn",
    ):
        logging.getLogger(library).setLevel(logging.WARNING)


def _utc(form: str) -> logging.Formatter:
    formatter = logging.Formatter(form, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    return formatter
