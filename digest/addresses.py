"""What is a mail address, and when two are the same one."""

from __future__ import annotations

from typing import NamedTuple

from digest.errors import UsageError


class Address(NamedTuple):
    """An accepted address: as it is mailed, and the key under which it is one and the same reader."""

    mailed: str
    key: str

    @property
    def box(self) -> str:
        """The part before the @, in lower case."""
        return self.key.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """The part after the @, in lower case."""
        return self.key.rpartition("@")[2]


def domain_of(address: str) -> str:
    """Where any address is mailed to, in lower case."""
    return address.rpartition("@")[2].lower()


def accept(typed: str) -> Address:
    """An address as the RFCs have it (5321, 6531), normalised. Raises UsageError with the reason.

    The key folds case and Unicode forms; `+tags` and dots stay, for they may be other people's boxes.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(typed.strip(" "), check_deliverability=False)
    except EmailNotValidError as error:
        raise UsageError(f"{typed!r} is not a mail address: {error}") from None
    return Address(valid.normalized, valid.normalized.casefold())
