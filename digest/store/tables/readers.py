"""People, what they ordered, when they are due, and who is never mailed again."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from digest.store.tables.base import Big, ident, metadata

subscriber = Table(
    "subscriber",
    metadata,
    ident(),  # never reused, so an old token never reaches a stranger
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
    ident(),
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
    ident(),
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
    Column("left_at", Big),  # when it ended: unsubscribed or suppressed
    UniqueConstraint("subscriber", "newsletter"),
    Index("ix_subscription_moment", "moment", "state", "id"),
    Index("ix_subscription_newsletter_confirmed_at", "newsletter", "confirmed_at"),
    Index("ix_subscription_newsletter_left_at", "newsletter", "left_at"),
    sqlite_autoincrement=True,
)

suppression = Table(
    "suppression",
    metadata,
    Column("address_hmac", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("at", Big, nullable=False),
    Index("ix_suppression_at", "at"),
)
