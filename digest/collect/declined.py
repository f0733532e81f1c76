"""What a server meant that gave no story."""

from __future__ import annotations

from digest.collect.http import Fetched
from digest.collect.visit import Declined


def declined(answer: Fetched) -> Declined:
    """The error for an answer that brought neither a body nor word that nothing has changed."""
    meaning = {
        401: "it asks for a password",
        403: "it refuses us",
        404: "there is nothing at this address",
        410: "it is gone for good",
        429: "it asks to be asked less often",
    }.get(answer.status, "the server has trouble" if answer.status >= 500 else "with nothing to read")
    return Declined(f"{answer.url}: status {answer.status}, {meaning}", answer.retry_after)
