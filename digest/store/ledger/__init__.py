"""The delivery ledger: who got it, who did not, why. One transaction records outcomes and marks together.

This is the hot path, so it speaks to the raw drivers, in SQL that is written once.

worker      the ledger of one sending process: claims, settles, gives back
claims      what a worker holds: batches of letters, each whole until its last letter is settled
record      one outcome of a mail that was not accepted
takeover    what becomes of the marks and claims of a worker that died
sql         every statement, in a notation for both databases
driver      what is asked of a database
sqlite      how SQLite answers: the event loop's own thread commits
postgresql  how PostgreSQL answers: a lease, and one statement a settlement
"""

from digest.store.ledger.worker import SqlLedger, open_ledger

__all__ = ["SqlLedger", "open_ledger"]
