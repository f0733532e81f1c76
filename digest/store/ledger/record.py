"""One outcome in the ledger, where the mail was not accepted: those come in groups, see `Driver.stamp`."""

from __future__ import annotations

from digest.model import DeliveryState, Outcome, Verdict
from digest.store.ledger import sql
from digest.store.ledger.driver import Driver

STATES = {
    Verdict.DEFERRED: DeliveryState.DEFERRED,
    Verdict.REFUSED: DeliveryState.REFUSED,
    Verdict.IN_DOUBT: DeliveryState.IN_DOUBT,
    Verdict.WITHDRAWN: DeliveryState.WITHDRAWN,
}
FINAL = {Verdict.REFUSED, Verdict.WITHDRAWN}
NO_LIMIT = 32767  # of what a small number holds


async def record(driver: Driver, now: int, outcome: Outcome, most: int) -> None:
    """Within a transaction. A mail in doubt for more than the `most`th time waits for a person."""
    doubtful = outcome.verdict is Verdict.IN_DOUBT
    await driver.run(
        sql.RECORD,
        id=outcome.delivery,
        state=int(STATES[outcome.verdict]),
        now=now,
        counted=int(outcome.counted),
        doubts=int(doubtful),
        most=most if doubtful else NO_LIMIT,
        next_at=None if outcome.verdict in FINAL else outcome.next_at,
        code=outcome.code or None,
        status=outcome.status or None,
        reply=outcome.reply,
    )
