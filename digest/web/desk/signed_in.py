"""Who is asking, once it is known that they may."""

from __future__ import annotations

from typing import NamedTuple

from digest.errors import UsageError
from digest.model import Account
from digest.web.forms import Form, first, whole_number


class SignedIn(NamedTuple):
    """A request of somebody who is signed in. `key` stands in every form of theirs."""

    account: Account
    key: str
    form: Form
    file: bytes | None = None  # the file sent with the form

    def field(self, name: str) -> str:
        """A field of the form; "" where it was not sent."""
        return first(self.form, name).strip()

    def number(self, name: str) -> int:
        """A field that holds the number of something; 0 where it was not sent. Raises UsageError."""
        try:
            return whole_number(self.field(name) or "0")
        except ValueError as error:
            raise UsageError(f"{name}: {error}") from None
