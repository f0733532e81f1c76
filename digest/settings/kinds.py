"""The kinds of value a key may have, each with its check and what it says when the check fails."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import time
from email.utils import parseaddr
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from digest.deliver.options import Relay, redacted
from digest.errors import ConfigError
from digest.hosts import is_loopback
from digest.model import LINK_WORDS
from digest.resources import PACKAGE
from digest.schedule.asked import checked_days, checked_quarter, checked_zone

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _seconds(value: object) -> object:
    """12h, 30m, 90s, 2d or a plain number of seconds. Raises ValueError."""
    match = re.fullmatch(r"(\d+)\s*([smhd]?)", str(value).strip())
    if not match or isinstance(value, bool):
        raise ValueError(f'must be a time such as "12h", "30m", "90s" or "2d", not {value!r}')
    return int(match[1]) * _UNITS[match[2] or "s"]


def _quarter(value: object) -> object:
    """From the file: text, or TOML's own time."""
    return checked_quarter(value.isoformat("minutes") if isinstance(value, time) else str(value))


def _cutoff(value: object) -> object:
    return None if value == "rolling" else _quarter(value)


def _days(value: object) -> object:
    days = ",".join(str(day) for day in value) if isinstance(value, list) else value
    return checked_days(days) if isinstance(days, str) else days


def _web_address(value: str) -> str:
    return _any_web_address(value).rstrip("/")


def _any_web_address(value: str) -> str:
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc:
        raise ValueError(f"must be an address such as https://digest.example.com, not {value!r}")
    return value


def _issuer(value: str) -> str:
    """Kept to the letter: a slash at the end is part of it. Over plain http anybody could speak for it."""
    parts = urlsplit(_any_web_address(value)) if value else urlsplit("")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError(f"must begin with https://, not {value!r}")
    if parts.query or parts.fragment:
        raise ValueError(f"must be the issuer as its provider names it, not {value!r}")
    return value


def _picture(value: str) -> str:
    return _web_address(value) if value else ""


def _mailbox(value: str) -> str:
    if "@" not in parseaddr(value)[1] or "\n" in value or "\r" in value:
        raise ValueError(f'must be a mailbox such as "World News <news@example.com>", not {value!r}')
    return value


def _hours(value: str) -> str:
    hour = r"([01]\d|2[0-3]):[0-5]\d"
    if value and not re.fullmatch(f"{hour}-{hour}", value):
        raise ValueError(f'must be hours such as "06:00-22:00", not {value!r}')
    return value


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(
            f'must be a colour such as "#1f4e8c", the only form all mail programs read, not {value!r}'
        )
    return value


def _language(value: str) -> str:
    """A BCP 47 tag whose language CLDR knows; "" where none is named."""
    language = value.replace("_", "-").partition("-")[0].lower()
    if value and not (PACKAGE / "locale" / f"{language}.po").exists():
        from babel.localedata import exists  # late: what we speak ourselves needs no list

        if not exists(language):
            raise ValueError(f'{value!r} is not a language tag such as "en", "fr-CA" or "pt"')
    return value


def _rule(value: str) -> str:
    from digest.collect.rules import compiled

    try:
        compiled(value)
    except ConfigError as error:
        raise ValueError(str(error)) from None
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", value):
        raise ValueError(f"must be lower-case letters, digits and hyphens, not {value!r}")
    return value


def _param(value: str) -> str:
    unknown = [name for name in re.findall(r"{([^{}]*)}", value) if name not in LINK_WORDS]
    if unknown:
        known = " and ".join(f"{{{name}}}" for name in LINK_WORDS)
        raise ValueError(f"{{{unknown[0]}}} stands for nothing; known are {known}")
    return value


def _param_name(value: str) -> str:
    if not re.fullmatch(r"[\w.~-]+", value):
        raise ValueError(f"must be letters, digits and any of . _ ~ -, not {value!r}")
    return value


def _store(value: str) -> str:
    if not re.match(r"sqlite:///|postgresql(\+\w+)?://", value):
        raise ValueError(f"must be sqlite:///FILE or postgresql://USER@HOST/NAME, not {redacted(value)!r}")
    return value


def _relay(value: str) -> str:
    try:
        Relay.parse(value)
    except ConfigError as error:
        raise ValueError(str(error).removeprefix("smtp: url: ")) from None
    except ValueError as error:  # of the port
        raise ValueError(f"{redacted(value)}: {error}; write smtp://HOST:PORT") from None
    return value


def _tagged(value: str) -> str:
    """RFC 5321 allows 64 characters before the @: a token takes 43 of them, and the + one."""
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,20}@[A-Za-z0-9.-]+", value):
        raise ValueError("must be an address such as unsubscribe@example.com, at most 20 characters before @")
    return value


def _public_key(value: str) -> str:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        if value and not isinstance(load_der_public_key(b64decode(value)), EllipticCurvePublicKey):
            raise ValueError
    except ValueError:
        raise ValueError("must be the verification key that SendGrid shows, MFkw…") from None
    return value


def _endpoint(value: object) -> object:
    if not isinstance(value, str):
        return value
    host, _, port = value.rpartition(":")
    if value and not (host and port.isascii() and port.isdigit() and int(port) < 65536):
        raise ValueError("must be HOST:PORT such as 127.0.0.1:2424")
    return (host.strip("[]"), int(port)) if value else None


Duration = Annotated[int, BeforeValidator(_seconds)]
Quarter = Annotated[time, BeforeValidator(_quarter)]
Zone = Annotated[str, AfterValidator(checked_zone)]
Days = Annotated[str, BeforeValidator(_days)]
WebAddress = Annotated[str, AfterValidator(_web_address)]  # without a slash at the end
AnyWebAddress = Annotated[str, AfterValidator(_any_web_address)]
Issuer = Annotated[str, AfterValidator(_issuer)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
TaggedBox = Annotated[str, AfterValidator(_tagged)]
PublicKey = Annotated[str, AfterValidator(_public_key)]
Endpoint = Annotated[tuple[str, int] | None, BeforeValidator(_endpoint)]
Hours = Annotated[str, AfterValidator(_hours)]
Rule = Annotated[str, AfterValidator(_rule)]
Colour = Annotated[str, AfterValidator(_colour)]
Picture = Annotated[str, AfterValidator(_picture)]
Cutoff = Annotated[time | None, BeforeValidator(_cutoff)]
Language = Annotated[str, AfterValidator(_language)]
Slug = Annotated[str, AfterValidator(_slug)]
Param = Annotated[str, AfterValidator(_param)]
ParamName = Annotated[str, AfterValidator(_param_name)]
StoreAddress = Annotated[str, AfterValidator(_store)]
RelayAddress = Annotated[str, AfterValidator(_relay)]
