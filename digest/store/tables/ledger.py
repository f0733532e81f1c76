"""The delivery ledger: who got it, who did not, why; and what runs beside it."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from digest.store.tables.base import Big, ident, metadata

delivery = Table(
    "delivery",
    metadata,
    ident(),
    Column("subscription", Big, ForeignKey("subscription.id"), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("edition", Big, ForeignKey("edition.id"), nullable=False),
    Column("rendering", Big, ForeignKey("rendering.id"), nullable=False),
    Column("state", SmallInteger, nullable=False),  # model.DeliveryState
    Column("due", Big, nullable=False),
    Column("expires", Big, nullable=False),
    Column("next_at", Big),  # when to try (again); NULL: never by itself
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("doubts", SmallInteger, nullable=False, default=0),  # times handed over with no answer
    Column("at", Big),  # of the last outcome
    Column("code", SmallInteger),
    Column("status", Text),
    Column("reply", Text),
    UniqueConstraint("subscription", "local_date"),
    sqlite_autoincrement=True,
)

had = Table(
    "had",
    metadata,
    Column("subscription", Big, ForeignKey("subscription.id"), primary_key=True),
    Column("edition", Big, ForeignKey("edition.id"), primary_key=True),
    sqlite_with_rowid=False,
)

# A run of consecutive deliveries, claimed, sent and released together: the unit of work of one worker.
batch = Table(
    "batch",
    metadata,
    ident(),
    Column("edition", Big, ForeignKey("edition.id"), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("lo", Big, nullable=False),  # first and last delivery id, inclusive
    Column("hi", Big, nullable=False),
    Column("next_at", Big),  # the earliest next_at in it; NULL when nothing is left to try
    Column("worker", Big),
    CheckConstraint("lo <= hi", name="range"),
    Index("ix_batch_next_at", "next_at"),
    Index("ix_batch_edition", "edition"),
    sqlite_autoincrement=True,
)

# What became of deliveries that were put away, by state: see store/prune.py.
tally = Table(
    "tally",
    metadata,
    Column("edition", Big, ForeignKey("edition.id"), primary_key=True),
    Column("state", SmallInteger, primary_key=True),
    Column("deliveries", Big, nullable=False),
    sqlite_with_rowid=False,
)

# A sending process. Its row is its fence: whoever takes over a dead worker's batches deletes the row, and
# every transaction of a worker begins by touching its own row.
worker = Table(
    "worker",
    metadata,
    ident(),
    Column("name", Text, nullable=False),  # host and process id, for people
    Column("started", Big, nullable=False),
    Column("seen", Big, nullable=False),
    Column("inflight", Text, nullable=False, default="[]"),  # JSON list of delivery ids marked `sending`
    sqlite_autoincrement=True,
)

# What is stopped, and why: scope "all", "edition:ID", "domain:example.com".
pause = Table(
    "pause",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Big, nullable=False),
    Column("until", Big),  # probed again then; NULL: a person must lift it
)

# The limit in mails a second of the whole installation: the time from which the next may go.
pace = Table(
    "pace",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("free_at", Big, nullable=False),  # milliseconds
)

outbox = Table(
    "outbox",
    metadata,
    ident(),
    Column("dedupe_key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("mail", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),  # planned | accepted | refused | expired
    Column("created", Big, nullable=False),
    Column("next_at", Big),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("reply", Text, nullable=False, default=""),
    Index("ix_outbox_next_at", "next_at"),
    sqlite_autoincrement=True,
)

incident = Table(
    "incident",
    metadata,
    ident(),
    Column("key", Text, nullable=False),  # what it is about: "late:morning:2026-03-01"
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("opened", Big, nullable=False),
    Column("told", Big),  # when the operator was told last: at first, and by the reminder
    Column("reminded", Boolean, nullable=False, server_default=false()),
    Column("closed", Big),
    Column("ended", Big),  # when the operator was told that it is over
)

# One open incident a key, however many processes notice it.
Index(
    "uq_incident_open",
    incident.c.key,
    unique=True,
    sqlite_where=incident.c.closed.is_(None),
    postgresql_where=incident.c.closed.is_(None),
)

# Failures that count against an address, one a delivery: see record/suppression.py.
strike = Table(
    "strike",
    metadata,
    Column("subscriber", Big, ForeignKey("subscriber.id"), primary_key=True),
    Column("delivery", Big, primary_key=True),
    Column("at", Big, nullable=False),
    # Of a mail that came back, its meaning and status; "" at SMTP time, where the delivery has the reply.
    Column("reason", Text, nullable=False, server_default=""),
    Index("ix_strike_at", "at"),
)
