"""The secret that signs links: read, made, changed."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from digest import ownership
from digest.errors import ConfigError, UsageError
from digest.settings import Settings

SECRET_LENGTH = 32  # characters


def signing_secrets(settings: Settings) -> list[str]:
    """DIGEST_SITE__SECRET, else the lines of var/secret, newest first; made (mode 0600) where there is none.

    Raises ConfigError where others could read the file.
    """
    if settings.site.secret:
        return _strong(settings.site.secret.split(), "DIGEST_SITE__SECRET")
    file = settings.folder / "var" / "secret"
    with suppress(FileExistsError):
        make_secret(file)
    if file.stat().st_mode & 0o077:
        raise ConfigError(f"{file}: others can read the signing secret; run: chmod 600 {file}")
    return _strong(file.read_text(encoding="ascii").split(), str(file))


def _strong(secrets_: list[str], place: str) -> list[str]:
    """With a short secret anybody can sign a reader's links. Raises ConfigError."""
    if not secrets_ or any(len(secret) < SECRET_LENGTH for secret in secrets_):
        least = f"a signing secret has at least {SECRET_LENGTH} characters"
        raise ConfigError(f"{place}: {least}; make one with: openssl rand -hex 32")
    return secrets_


def make_secret(file: Path) -> None:
    """A new signing secret. Raises FileExistsError where one is."""
    ownership.create(file, f"{secrets.token_urlsafe(32)}\n".encode())


def rotate_secret(settings: Settings) -> Path:
    """Put a new secret on top of var/secret; old links stay good. Raises ConfigError, UsageError."""
    if settings.site.secret:
        raise UsageError(
            "the secret is in DIGEST_SITE__SECRET: put a new one in front of it there, parted by a blank"
        )
    known = signing_secrets(settings)
    file = settings.folder / "var" / "secret"
    fresh = file.with_name("secret.new")
    fresh.unlink(missing_ok=True)
    make_secret(fresh)
    with fresh.open("a", encoding="ascii") as opened_file:
        opened_file.write("".join(f"{secret}\n" for secret in known))
        opened_file.flush()
        os.fsync(opened_file.fileno())
    fresh.replace(file)
    return file
