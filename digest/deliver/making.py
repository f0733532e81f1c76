"""A letter made ready for one connection."""

from __future__ import annotations

from digest.deliver.connection import Composer, Mail
from digest.deliver.envelope import Features, envelope
from digest.model import Letter


class TooLarge(ValueError):
    """The relay has said that it takes no mail of this size. It would be so for every reader."""


def make(composer: Composer, letter: Letter, features: Features) -> Mail | None:
    """The mail of a letter; None where nothing is left in it for this reader.

    Raises Uncarriable, TooLarge, and what the composer raises.
    """
    body = composer.body(letter)
    if not body:
        return None
    octets = len(body)
    if 0 < features.size < octets:
        raise TooLarge(
            f"the mail has {octets} bytes, and the relay takes {features.size}:"
            " make the edition smaller (max_stories), or raise the relay's limit"
        )
    return Mail(letter, envelope(composer.sender(letter), letter, octets, features), body)
