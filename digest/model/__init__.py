"""The values that travel through the service. All frozen; times aware and in UTC unless a name says local.

The same thing at another moment has another type: a story is `Found` by a source, then stored as a `Story`,
then chosen as an `Item` of an `Edition`, then part of a `Rendering`, then one reader's `Letter`.
"""

from __future__ import annotations

from digest.model.configured import (
    Look,
    Mornings,
    Newsletter,
    Section,
    Source,
    SourceState,
)
from digest.model.delivery import (
    Coming,
    Counts,
    DeliveryLine,
    DeliveryState,
    Effect,
    Incident,
    Letter,
    Mail,
    Moment,
    Outcome,
    Pause,
    Plan,
    Returned,
    Stage,
    Verdict,
)
from digest.model.edition import (
    Edition,
    EditionState,
    Item,
    Rendering,
    Role,
    Segment,
    StoredEdition,
)
from digest.model.reader import (
    Consent,
    Order,
    Subscribed,
    Subscription,
)
from digest.model.story import (
    Candidate,
    Document,
    Found,
    Picture,
    Rhythm,
    Saved,
    Sent,
    Story,
    Summary,
)

__all__ = [
    "Candidate",
    "Coming",
    "Consent",
    "Counts",
    "DeliveryLine",
    "DeliveryState",
    "Document",
    "Edition",
    "EditionState",
    "Effect",
    "Found",
    "Incident",
    "Item",
    "Letter",
    "Look",
    "Mail",
    "Moment",
    "Mornings",
    "Newsletter",
    "Order",
    "Outcome",
    "Pause",
    "Picture",
    "Plan",
    "Rendering",
    "Returned",
    "Rhythm",
    "Role",
    "Saved",
    "Section",
    "Segment",
    "Sent",
    "Source",
    "SourceState",
    "Stage",
    "StoredEdition",
    "Story",
    "Subscribed",
    "Subscription",
    "Summary",
    "Verdict",
]
