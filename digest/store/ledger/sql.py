"""The ledger's statements, for both databases.

In the notation of both: `:name` is a parameter and `IN :name[]` a list of ids; CLOCK is the time by which
workers are judged alive, SKIPLOCKED what keeps two claimers from waiting for each other.
"""
# ruff: noqa: S608 - the statements are put together from constants of this file alone

from __future__ import annotations

from digest import model
from digest.model import DeliveryState

OPEN = f"({', '.join(f'{state:d}' for state in model.OPEN)})"

FENCE = "UPDATE worker SET seen = CLOCK, inflight = :inflight WHERE id = :me RETURNING id"

# `seen` counts where workers are judged by the server's clock; on SQLite a lock says who is alive.
ENROL = "INSERT INTO worker (name, started, seen, inflight) VALUES (:name, :now, CLOCK, '[]') RETURNING id"

PAUSED = "SELECT scope, reason, until FROM pause WHERE until IS NULL OR until > :now"

STOPPED = f"""
    SELECT scope, reason FROM ({PAUSED}) AS paused
    UNION ALL
    SELECT 'edition:' || id, state FROM edition WHERE id IN :editions[] AND state <> 'issued'"""

CLAIM = """
    UPDATE batch SET worker = :me WHERE id = (
        SELECT b.id FROM batch b JOIN edition e ON e.id = b.edition
        WHERE b.worker IS NULL AND b.next_at <= :now AND e.state = 'issued'
          AND NOT EXISTS (SELECT 1 FROM pause p WHERE p.scope = 'edition:' || b.edition
                          AND (p.until IS NULL OR p.until > :now))
        ORDER BY b.next_at, b.id LIMIT 1 SKIPLOCKED
    ) RETURNING id, edition, lo, hi"""

IN_BATCH = f"id BETWEEN :lo AND :hi AND edition = :edition AND state IN {OPEN}"

EXPIRE = f"""
    UPDATE delivery SET state = {DeliveryState.EXPIRED:d}, at = :now, next_at = NULL
    WHERE {IN_BATCH} AND next_at IS NOT NULL AND expires <= :now"""

# Whoever leaves has their deliveries withdrawn in the same transaction. This catches the one that was being
# planned in that very moment, and those whose address was erased.
WITHDRAW = f"""
    UPDATE delivery SET state = {DeliveryState.WITHDRAWN:d}, at = :now, next_at = NULL
    WHERE {IN_BATCH} AND NOT EXISTS (
        SELECT 1 FROM subscription s JOIN subscriber p ON p.id = s.subscriber
        WHERE s.id = delivery.subscription AND s.state = 'active' AND p.address IS NOT NULL)"""

# All of a batch that may yet be tried, and how each stands.
LETTERS = f"""
    SELECT CASE WHEN d.next_at IS NOT NULL AND d.expires <= :now THEN 'expired'
            WHEN p.address IS NULL THEN 'left' WHEN d.next_at <= :now THEN 'due' ELSE 'later' END,
        d.id, d.rendering, p.address, s.ref, s.choice, d.due, d.attempts, d.expires, s.own_only
    FROM delivery d LEFT JOIN subscription s ON s.id = d.subscription AND s.state = 'active'
        LEFT JOIN subscriber p ON p.id = s.subscriber
    WHERE d.id BETWEEN :lo AND :hi AND d.edition = :edition AND d.state IN {OPEN}
    ORDER BY d.id"""

PUT_OFF = "UPDATE delivery SET next_at = :until WHERE id IN :ids[]"

# A 250 is a fact: it stands even where the reader left or another worker took over in the meantime. Told
# twice (the commit came through, its answer did not), it counts once.
ACCEPT = f"""
    UPDATE delivery SET state = {DeliveryState.ACCEPTED:d}, at = ?, attempts = attempts + 1,
        next_at = NULL, code = ?, status = NULL, reply = ?
    WHERE id = ? AND state <> {DeliveryState.ACCEPTED:d}"""

RECORD = f"""
    UPDATE delivery SET state = :state, at = :now, attempts = attempts + :counted, doubts = doubts + :doubts,
        next_at = CASE WHEN doubts + :doubts > :most THEN NULL ELSE CAST(:next_at AS bigint) END,
        code = :code, status = :status, reply = :reply
    WHERE id = :id AND state IN {OPEN}"""

LEFT = f"SELECT id FROM delivery WHERE id IN :ids[] AND state NOT IN {OPEN}"

# What is left to try decides when the batch is due again; an untried letter is never later than its end.
RELEASE = f"""
    UPDATE batch SET worker = NULL, next_at = (
        SELECT min(CASE WHEN d.next_at < d.expires THEN d.next_at ELSE d.expires END) FROM delivery d
        WHERE d.id BETWEEN batch.lo AND batch.hi AND d.edition = batch.edition AND d.state IN {OPEN}
          AND d.next_at IS NOT NULL)
    WHERE id IN :batches[] AND worker = :me"""

BURY = f"""
    UPDATE delivery SET state = {DeliveryState.IN_DOUBT:d}, at = :now, attempts = attempts + 1,
        doubts = doubts + 1, code = NULL, status = NULL, reply = :reply,
        next_at = CASE WHEN doubts + 1 > :most THEN NULL ELSE CAST(:now AS bigint) END
    WHERE id IN :ids[] AND state IN {OPEN}"""

NEXT_DUE = """
    SELECT min(b.next_at) FROM batch b JOIN edition e ON e.id = b.edition
    WHERE b.next_at IS NOT NULL AND e.state = 'issued' AND NOT EXISTS (
        SELECT 1 FROM pause p
        WHERE p.scope = 'edition:' || b.edition AND (p.until IS NULL OR p.until > :now))"""

# A pause gives way to a longer one alone: above all, one that a person must lift stays so.
PAUSE = """
    INSERT INTO pause (scope, reason, since, until) VALUES (:scope, :reason, :now, :until)
    ON CONFLICT (scope) DO UPDATE SET
        reason = excluded.reason, since = excluded.since, until = excluded.until
    WHERE pause.until IS NOT NULL AND (excluded.until IS NULL OR pause.until < excluded.until)"""

# The pace of the whole installation is a point in time: each worker moves it on by what it takes.
RESERVE = """
    INSERT INTO pace (scope, free_at) VALUES ('all', :now + :cost)
    ON CONFLICT (scope) DO UPDATE SET
        free_at = :cost + CASE WHEN pace.free_at > :now THEN pace.free_at ELSE :now END
    RETURNING free_at - :cost"""
