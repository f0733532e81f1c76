"""What may not stand in the file: it is shown, copied and committed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from digest.errors import ConfigError

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
_IN_URLS = {
    ("smtp", "url"): "set smtp.user here, and DIGEST_SMTP__PASSWORD in the environment",
    ("store", "url"): "set DIGEST_STORE__PASSWORD in the environment",
    ("returns", "imap"): "set DIGEST_RETURNS__IMAP_PASSWORD in the environment",
}
_OF_RELAYS = "set user and password_file beside it"
_OF_SQL = "set PGPASSWORD in the environment, or put it into ~/.pgpass"


def refuse_secrets(tables: Mapping[str, Any], name: str) -> None:
    """`tables` are those of the file called `name`. Raises ConfigError, which says where to put it."""
    for table, key in sorted(SECRETS):
        if isinstance(tables.get(table), dict) and key in tables[table]:
            variable = f"DIGEST_{table}__{key}".upper()
            raise ConfigError(f"{name}: {table}: {key}: no secrets here; set {variable} in the environment")
    for where, url, cure in _addresses(tables):
        if _holds_password(url):
            raise ConfigError(f"{name}: {where}: no password in the address; {cure}")


def _addresses(tables: Mapping[str, Any]) -> Iterator[tuple[str, object, str]]:
    """Each address that a password belongs to: its key, itself, and where the password goes instead.

    A feed's is none of them: what its publisher put into it can come from nowhere else.
    """
    for (table, key), cure in _IN_URLS.items():
        if isinstance(tables.get(table), dict):
            yield f"{table}: {key}", tables[table].get(key), cure
    for number, relay in _listed(tables, "relays"):
        yield f"relays: number {number}: url", relay.get("url"), _OF_RELAYS
    for number, source in _listed(tables, "sources"):
        if source.get("kind") == "sql":
            yield f"sources: {source.get('name') or f'number {number}'}: url", source.get("url"), _OF_SQL


def _listed(tables: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    listed = tables.get(key)
    if isinstance(listed, list):
        yield from ((number, one) for number, one in enumerate(listed, 1) if isinstance(one, dict))


def _holds_password(url: object) -> bool:
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False  # no address at all, as its own check will say
    return bool(parts.password) or "password" in parse_qs(parts.query)
