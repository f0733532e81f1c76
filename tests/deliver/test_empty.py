"""A reader for whom nothing is left in the mail gets none, and the ledger says why."""

from __future__ import annotations

from digest.model import DeliveryState, Letter
from tests.deliver.relay import BadRelay
from tests.deliver.run_of import Morning, Plain


class Sparing(Plain):
    """Has nothing for every fifth reader."""

    def body(self, letter: Letter) -> bytes:
        return super().body(letter) if letter.delivery % 5 else b""


async def test_an_empty_mail_is_withdrawn_and_never_handed_over(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        report = await morning.send(relay.settings(), composer=Sparing())
        again = await morning.send(relay.settings())
    assert (report.accepted, report.next_due, again.accepted) == (400, None, 0)
    assert len(relay.taken) == 400
    assert morning.count(DeliveryState.WITHDRAWN) == 100
    row = morning.store.delivery(5)
    assert (row.next_at, row.attempts) == (None, 0)
    assert "nothing new for this reader" in row.reply
