"""Single mails (confirm, incidents, test copies) sent by the same sender as editions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import parseaddr

from digest.model import Letter, Mail, Outcome
from digest.ports import Settlement

FAR = 2**40  # no letter here expires by itself: the outbox decides


class Singles:
    """A ledger and composer of mails that are whole already. Each is claimed once, and its outcome kept.

    Implements ports.Ledger and deliver.connection.Composer.
    """

    def __init__(self, mails: Sequence[Mail], now: datetime) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self._mails = {mail.id: mail for mail in mails}
        stamp = int(now.timestamp())
        self._letters = [
            Letter(mail.id, 0, mail.address, b"", "", stamp, mail.attempts, FAR) for mail in mails
        ]

    async def claim(self, now: int) -> list[Letter]:
        letters, self._letters = self._letters, []
        return letters

    async def settle(self, now: int, outcomes: Sequence[Outcome], marks: Sequence[int]) -> Settlement:
        self.outcomes |= {outcome.delivery: outcome for outcome in outcomes}
        return Settlement()

    async def reserve(self, now: float, mails: int, rate: float) -> float:
        return now  # a handful: the installation's pace is about editions

    async def pause(self, now: int, scope: str, reason: str, until: int | None = None) -> None:
        """The run that sends editions will find the same cause, and tell it."""

    async def next_due(self, now: int) -> int | None:
        return None

    async def release(self, now: int) -> None:
        """What has no outcome stays in the outbox."""

    async def prepare(self, letters: Sequence[Letter]) -> Sequence[Letter]:
        """Every mail is at hand."""
        return letters

    def sender(self, letter: Letter) -> str:
        head = BytesHeaderParser().parsebytes(self._mails[letter.delivery].mail)
        return parseaddr(head["From"])[1]

    def body(self, letter: Letter) -> bytes:
        return self._mails[letter.delivery].mail
