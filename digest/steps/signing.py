"""Where mails are signed: between whoever composes them and the sender, editions and single mails alike."""

from __future__ import annotations

from collections.abc import Callable

from digest.deliver.connection import Composer
from digest.model import Letter


def signing(composer: Composer, signer: Callable[[bytes], bytes] | None) -> Composer:
    """A composer of the same mails, signed; the composer itself where nothing signs."""
    return Signing(composer, signer) if signer else composer


class Signing:
    """Implements deliver.connection.Composer."""

    def __init__(self, composer: Composer, signer: Callable[[bytes], bytes]) -> None:
        self._composer = composer
        self._signer = signer
        self.prepare = composer.prepare
        self.sender = composer.sender

    def body(self, letter: Letter) -> bytes:
        mail = self._composer.body(letter)
        return self._signer(mail) if mail else mail
