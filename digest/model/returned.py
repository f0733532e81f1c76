"""What comes back: returned mail, what providers tell, complaints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Returned:
    """One recipient of a returned mail, as understood. `kind` is hard, soft, complaint or none."""

    address: str
    kind: str
    status: str = ""
    reply: str = ""
    token: str = ""  # ours, where the mail carries one: decides the reader whatever the text says
    meaning: str = ""  # a replies.Kind: a policy refusal, say, never counts against the reader


class ProviderNotice(NamedTuple):
    """What a mail provider's web hook says of one recipient, under a key that is the same at every try."""

    key: str
    returned: Returned


class Complaints(NamedTuple):
    """How many readers at a domain ("" for all) complained, against how many mails delivered there."""

    domain: str
    complaints: int
    delivered: int

    @property
    def rate(self) -> float:
        """Complaints per mail delivered."""
        return self.complaints / max(1, self.delivered)
