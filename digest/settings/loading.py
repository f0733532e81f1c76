"""config/digest.toml and the environment, read once at start into one frozen Settings.

A key that is wrong is refused with the file, the key and what would be right. `DIGEST_SECTION__KEY` in the
environment goes before the file, for keys of plain tables; `DIGEST_SECTION__KEY_FILE` names a secret's file.
"""

from __future__ import annotations

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
from digest.settings.secrets import SECRETS, refuse_secrets
from digest.settings.tables import Settings
from digest.settings.wording import not_toml, sentence


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the configuration: `path`, else DIGEST_CONFIG, else config/digest.toml in the current folder.

    Raises ConfigError naming file, key and what would be right.
    """
    path = path or Path(environ.get("DIGEST_CONFIG") or "config/digest.toml")
    tables = _read(path)
    refuse_secrets(tables, str(path))
    folder = path.absolute().parent
    folder = folder.parent if folder.name == "config" else folder
    return check({**_with_environment(tables, environ), "folder": folder}, str(path), tables)


def _read(path: Path) -> dict[str, Any]:
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; make one with: digest init") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {not_toml(error, text)}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def check(tables: Mapping[str, Any], name: str, in_file: Mapping[str, Any] | None = None) -> Settings:
    """Settings from tables as read. Raises ConfigError.

    `name` is the file for messages, `in_file` its tables where others came from the environment.
    """
    in_file = tables if in_file is None else in_file
    try:
        settings = Settings.model_validate(tables)
    except ValidationError as error:
        said = (sentence(name, dict(problem), tables, in_file) for problem in error.errors())
        raise ConfigError("\n".join(said)) from None
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
