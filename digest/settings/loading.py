"""config/digest.toml and the environment, read once at start into one frozen Settings.

A key that is wrong is refused with the file, the key and what would be right. `DIGEST_SECTION__KEY` in the
environment goes before the file, for keys of plain tables; `DIGEST_SECTION__KEY_FILE` names a secret's file.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from digest.errors import ConfigError
from digest.hosts import is_loopback
from digest.settings.tables import Settings
from digest.settings.tables_mail import PaceTable, RelayTable
from digest.settings.tables_news import NewsletterTable, SectionTable, SourceTable
from digest.settings.tables_site import HookTable


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the configuration: `path`, else DIGEST_CONFIG, else config/digest.toml in the current folder.

    Raises ConfigError naming file, key and what would be right.
    """
    path = path or Path(environ.get("DIGEST_CONFIG") or "config/digest.toml")
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; make one with: digest init") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    _refuse_secrets(tables, path)
    folder = path.absolute().parent
    folder = folder.parent if folder.name == "config" else folder
    return check({**_with_environment(tables, environ), "folder": folder}, str(path))


def check(tables: Mapping[str, Any], name: str) -> Settings:
    """Settings from tables as read; `name` is the file for messages. Raises ConfigError."""
    try:
        settings = Settings.model_validate(tables)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(name, dict(problem)) for problem in error.errors())) from None
    for kind, names in (
        ("newsletters: slug", [newsletter.slug for newsletter in settings.newsletters]),
        ("sources: name", [source.name for source in settings.sources]),
    ):
        if doubled := sorted({value for value in names if names.count(value) > 1}):
            raise ConfigError(f"{name}: {kind}: {doubled[0]!r} is used twice; each needs its own")
    for newsletter in settings.newsletters:
        if newsletter.cutoff is None and newsletter.review == "hold":
            raise ConfigError(
                f"{name}: newsletters: {newsletter.slug}: a rolling newsletter cannot wait for approval; "
                'set review = "auto" or a cutoff hour'
            )
    if settings.web.proof_of_work and not _secure(settings.site.url):
        raise ConfigError(
            f"{name}: web: proof_of_work: browsers do sums on https pages alone; "
            "set site.url to an https address"
        )
    return settings


def _secure(url: str) -> bool:
    """Whether browsers take the pages for a secure context (W3C Secure Contexts, 3.1)."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


SECRETS = {
    ("site", "secret"),
    ("smtp", "password"),
    ("store", "password"),
    ("web", "metrics_key"),
    ("api", "hook_secret"),
    ("oidc", "client_secret"),
    ("returns", "imap_password"),
    ("providers", "mailgun"),
    ("providers", "postmark"),
    ("providers", "brevo"),
}


def _refuse_secrets(tables: Mapping[str, Any], path: Path) -> None:
    """A configuration is shown, copied and committed: a secret in it is out."""
    for table, key in sorted(SECRETS):
        if isinstance(tables.get(table), dict) and key in tables[table]:
            name = f"DIGEST_{table}__{key}".upper()
            raise ConfigError(f"{path}: {table}: {key}: no secrets here; set {name} in the environment")


def _with_environment(tables: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    merged = {key: dict(value) if isinstance(value, dict) else value for key, value in tables.items()}
    for name, value in environ.items():
        match = re.fullmatch(r"DIGEST_([A-Z]+)__([A-Z0-9_]+)", name)
        if match:
            section, key = match[1].lower(), match[2].lower()
            in_file = key.endswith("_file") and (section, key.removesuffix("_file")) in SECRETS
            table = merged.setdefault(section, {})
            if isinstance(table, dict) and in_file:
                table[key.removesuffix("_file")] = _secret_in(name, Path(value))
            elif isinstance(table, dict):
                table[key] = value
    return merged


def _secret_in(variable: str, file: Path) -> str:
    """What a file holds that a container's runtime put there."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{variable}: {file} cannot be read: {error}") from None


def _sentence(name: str, problem: Mapping[str, Any]) -> str:
    """One problem as a sentence: file, key, what is wrong, what would be right."""
    keys = [
        key for key in problem["loc"] if isinstance(key, int) or key not in {"time", "literal['rolling']"}
    ]
    where = ": ".join(f"number {key + 1}" if isinstance(key, int) else str(key) for key in keys)
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(keys[-1]), _known(keys[:-1]), 1)
        cure = f"did you mean {near[0]}?" if near else f"known are {', '.join(_known(keys[:-1]))}"
        return f"{name}: {where}: unknown key; {cure}"
    if problem["type"] == "missing":
        return f"{name}: {where}: is missing and has no default; set it"
    said = problem["msg"].removeprefix("Value error, ")
    if tuple(keys) in SECRETS:
        return f"{name}: {where}: {said}"
    shown = "" if problem["type"] == "value_error" else f" (is {problem['input']!r})"
    return f"{name}: {where}: {said[:1].lower()}{said[1:]}{shown}"


def _known(keys: list[Any]) -> list[str]:
    """The keys that the table at `keys` takes."""
    lists: dict[str, Any] = {
        "sources": SourceTable,
        "hooks": HookTable,
        "newsletters": NewsletterTable,
        "sections": SectionTable,
        "relays": RelayTable,
        "pace": PaceTable,
    }
    model: Any = Settings
    for key in (key for key in keys if isinstance(key, str)):
        if key in model.model_fields:  # but a name of the operator's own, as a domain in pace
            model = lists.get(key) or model.model_fields[key].annotation
    fields: Mapping[str, Any] = model.model_fields
    return sorted(field.alias or key for key, field in fields.items() if key != "folder")
