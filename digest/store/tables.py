"""Every table, once. Times are integer UTC seconds; dates of deliveries are the reader's local date,
dates of editions the newsletter's. The unique keys here are what keeps anyone from getting two.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite reuses deleted ids unless told not to (AUTOINCREMENT), and does so only for plain INTEGER keys.
Big = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", Big, primary_key=True, autoincrement=True)


newsletter = Table("newsletter", metadata, _id(), Column("slug", Text, nullable=False, unique=True))

# ---------------------------------------------------------------- stories

source = Table(
    "source",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("state", JSON, nullable=False),  # a SourceState: what the next visit must know
    Column("last_run", Big),
)

story = Table(
    "story",
    metadata,
    _id(),
    Column("source", Big, ForeignKey("source.id"), nullable=False),
    Column("identity", Text, nullable=False),
    Column("canonical", Text, nullable=False),
    Column("first_seen", Big, nullable=False),
    Column("published", Big, nullable=False),
    Column("version", Integer, nullable=False),
    Column("had", Boolean, nullable=False, default=False),  # stored on a source's first run, too old to mail
    Column("same_as", Big, ForeignKey("story.id")),  # the same report, carried by another source
    UniqueConstraint("source", "identity"),
    Index("ix_story_canonical", "canonical"),
    Index("ix_story_published", "published"),
    sqlite_autoincrement=True,
)

story_version = Table(
    "story_version",
    metadata,
    Column("story", Big, ForeignKey("story.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("seen", Big, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", JSON, nullable=False),  # everything else a Found says, and its lead
)

# ---------------------------------------------------------------- editions

edition = Table(
    "edition",
    metadata,
    _id(),
    Column("newsletter", Big, ForeignKey("newsletter.id"), nullable=False),
    Column("date", Date, nullable=False),
    Column("wave", Text, nullable=False, default=""),
    Column("cutoff", Big, nullable=False),
    Column("state", Text, nullable=False),
    Column("subject", Text, nullable=False, default=""),
    Column("preheader", Text, nullable=False, default=""),
    Column("approved", Boolean, nullable=False, default=False),
    Column("held", Boolean, nullable=False, default=False),
    Column("frozen_at", Big),
    Column("reason", Text, nullable=False, default=""),  # why empty, missed or cancelled
    Column("home", Boolean, nullable=False, default=True),  # of a date's waves the home zone's: the archive's
    UniqueConstraint("newsletter", "date", "wave"),
    sqlite_autoincrement=True,
)

edition_item = Table(
    "edition_item",
    metadata,
    Column("edition", Big, ForeignKey("edition.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("story", Big, ForeignKey("story.id"), nullable=False),
    Column("story_version", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("section", Text, nullable=False, default=""),
    Column("updated", Boolean, nullable=False, default=False),  # came back, materially corrected
    UniqueConstraint("edition", "story"),
    Index("ix_edition_item_story", "story"),
)

rendering = Table(
    "rendering",
    metadata,
    _id(),
    Column("edition", Big, ForeignKey("edition.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("locale", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # store/renderings.py packs and unpacks it
    UniqueConstraint("edition", "revision", "locale"),
)

# ---------------------------------------------------------------- readers

subscriber = Table(
    "subscriber",
    metadata,
    _id(),  # never reused, so an old token never reaches a stranger
    Column("ref", LargeBinary, nullable=False, unique=True),  # 16 random bytes
    Column("address", Text),  # as typed; NULL once erased
    Column("address_key", Text, unique=True),  # normalised; NULL once erased
    Column("created", Big, nullable=False),
    Column("language", Text, nullable=False, default=""),
    sqlite_autoincrement=True,
)

moment = Table(
    "moment",
    metadata,
    _id(),
    Column("newsletter", Big, ForeignKey("newsletter.id"), nullable=False),
    Column("zone", Text, nullable=False),
    Column("at", SmallInteger, nullable=False),  # minutes after local midnight, quarter hours
    Column("days", Text, nullable=False),
    Column("next_due", Big, nullable=False),
    Column("moves", Integer, nullable=False, default=0),  # grows when a reader comes from another moment
    UniqueConstraint("newsletter", "zone", "at", "days"),
    Index("ix_moment_next_due", "next_due"),  # the tick reads this small table, never all subscribers
)

subscription = Table(
    "subscription",
    metadata,
    _id(),
    Column("ref", LargeBinary, nullable=False, unique=True),  # 16 random bytes; what tokens carry
    Column("subscriber", Big, ForeignKey("subscriber.id"), nullable=False),
    Column("newsletter", Big, ForeignKey("newsletter.id"), nullable=False),
    Column("moment", Big, ForeignKey("moment.id"), nullable=False),
    Column("state", Text, nullable=False),  # pending | active | unsubscribed | suppressed (was active)
    Column("choice", Text, nullable=False, default=""),  # chosen sections as a JSON list; "" for all
    Column("own_only", Boolean, nullable=False, default=False),  # no mail on a day with nothing in `choice`
    Column("paused_until", Date),
    Column("asked_at", Big, nullable=False),
    Column("asked_from", Text, nullable=False, default=""),
    Column("wording", Text, nullable=False, default=""),
    Column("confirmed_at", Big),
    Column("left_at", Big),
    UniqueConstraint("subscriber", "newsletter"),
    Index("ix_subscription_moment", "moment", "state", "id"),
    sqlite_autoincrement=True,
)

suppression = Table(
    "suppression",
    metadata,
    Column("address_hmac", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("at", Big, nullable=False),
)

# ---------------------------------------------------------------- the ledger

delivery = Table(
    "delivery",
    metadata,
    _id(),
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
    _id(),
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

# A sending process. Its row is its fence: whoever takes over a dead worker's batches deletes the row, and
# every transaction of a worker begins by touching its own row.
worker = Table(
    "worker",
    metadata,
    _id(),
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
    _id(),
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
    _id(),
    Column("key", Text, nullable=False),  # what it is about: "late:morning:2026-03-01"
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("opened", Big, nullable=False),
    Column("told", Big),
    Column("closed", Big),
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
)

# ---------------------------------------------------------------- the pages

# What strangers did, one row each, for the limits: key "ip:192.0.2.7", "box:…", "form:…". Gone after a day.
attempt = Table(
    "attempt",
    metadata,
    _id(),
    Column("key", Text, nullable=False),
    Column("at", Big, nullable=False),
    Index("ix_attempt_key_at", "key", "at"),
)

# What was asked for on a page, until it has been looked at: the answer comes before, the same for everyone.
asked = Table(
    "asked",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),  # subscribe | preferences | move
    Column("address", Text, nullable=False),
    Column("newsletter", Text, nullable=False),
    Column("ref", LargeBinary),  # of the subscription that moves
    Column("origin", Text, nullable=False),
    Column("at", Big, nullable=False),
    Column("next_at", Big, nullable=False),  # looked at by somebody else until then
    Index("ix_asked_next_at", "next_at"),
)

# A new address, to be confirmed at that address.
move = Table(
    "move",
    metadata,
    Column("ref", LargeBinary, primary_key=True),  # 16 random bytes; what its token carries
    Column("subscriber", Big, ForeignKey("subscriber.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("asked_at", Big, nullable=False),
    Index("ix_move_subscriber", "subscriber"),
)
