"""The secret that signs links: read, made, changed, and held against the one the database belongs to."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from digest import ownership
from digest.errors import ConfigError, UsageError
from digest.settings import Settings
from digest.store.seal import Seal, Sealed
from digest.tokens import fingerprint

SECRET_LENGTH = 32  # characters


def signing_secrets(settings: Settings, seal: Seal) -> list[str]:
    """The secrets at hand, newest first; one is made (mode 0600) where the database knows nobody yet.

    Raises ConfigError where they are not those that the database belongs to.
    """
    known, sealed = known_secrets(settings), seal.look()
    if said := misfit(settings, known, sealed):
        raise ConfigError(said)
    if not known:
        with suppress(FileExistsError):
            make_secret(_file(settings))
        known = known_secrets(settings)
    if sealed.fingerprint != fingerprint(known[-1]):
        seal.set(fingerprint(known[-1]))
    return known


def known_secrets(settings: Settings) -> list[str]:
    """DIGEST_SITE__SECRET, else the lines of var/secret, newest first; [] where there is none.

    Raises ConfigError where others could read the file.
    """
    if settings.site.secret:
        return _strong(settings.site.secret.split(), "DIGEST_SITE__SECRET")
    file = _file(settings)
    if not file.exists():
        return []
    if file.stat().st_mode & 0o077:
        raise ConfigError(f"{file}: others can read the signing secret; run: chmod 600 {file}")
    return _strong(file.read_text(encoding="ascii").split(), str(file))


def misfit(settings: Settings, known: list[str], sealed: Sealed) -> str:
    """Why no database that knows people can be used with these secrets, and the cure; "" where it can."""
    if not sealed.knows_somebody or (known and sealed.fingerprint in {"", fingerprint(known[-1])}):
        return ""
    place = "DIGEST_SITE__SECRET" if settings.site.secret else str(_file(settings))
    wrong = (
        "its last secret is not the one this database belongs to" if known else "the signing secret is gone"
    )
    return (
        f"{place}: {wrong}, and without it suppressed people would get mail again; put it back from your"
        " copy, or set DIGEST_SITE__SECRET as the service has it; lost for good? digest secret accept"
    )


def _strong(secrets_: list[str], place: str) -> list[str]:
    """With a short secret anybody can sign a reader's links. Raises ConfigError."""
    if not secrets_ or any(len(secret) < SECRET_LENGTH for secret in secrets_):
        least = f"a signing secret has at least {SECRET_LENGTH} characters"
        raise ConfigError(f"{place}: {least}; make one with: openssl rand -hex 32")
    return secrets_


def make_secret(file: Path) -> None:
    """A new signing secret. Raises FileExistsError where one is."""
    ownership.create(file, f"{secrets.token_urlsafe(32)}\n".encode())


def rotate_secret(settings: Settings, seal: Seal) -> Path:
    """Put a new secret on top of var/secret; old links stay good. Raises ConfigError, UsageError."""
    if settings.site.secret:
        raise UsageError(
            "the secret is in DIGEST_SITE__SECRET: put a new one in front of it there, parted by a blank"
        )
    known = signing_secrets(settings, seal)
    file = _file(settings)
    fresh = file.with_name("secret.new")
    fresh.unlink(missing_ok=True)
    make_secret(fresh)
    with fresh.open("a", encoding="ascii") as opened_file:
        opened_file.write("".join(f"{secret}\n" for secret in known))
        opened_file.flush()
        os.fsync(opened_file.fileno())
    fresh.replace(file)
    return file


def accept_secret(settings: Settings, seal: Seal) -> None:
    """Let the database belong to the secret at hand, made where there is none: the old one is lost."""
    if not known_secrets(settings):
        make_secret(_file(settings))
    seal.set(fingerprint(known_secrets(settings)[-1]))


def _file(settings: Settings) -> Path:
    return settings.folder / "var" / "secret"
