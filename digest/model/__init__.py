"""The values that travel through the service. All frozen; times aware and in UTC unless a name says local.

The same thing at another moment has another type: a story is `Found` by a source, then stored as a `Story`,
then chosen as an `Item` of an `Edition`, then part of a `Rendering`, then one reader's `Letter`.

configured  newsletters, sections, sources, the look
story       from a source's entry to a stored headline with its lead
edition     from the chosen stories to encoded segments
desk        who works at the desk, and what an editor changes
reader      what readers asked for, and the proof that they did
moment      when readers are due, and what is planned for them
delivery    the ledger's rows, as they are counted, shown and sent
attempt     one SMTP attempt: how far it came, what that asks
outbox      single mails beside the editions
returned    returned mail, what providers tell, complaints
incident    what went wrong, and what was stopped for it
hooks       what others' servers are told of
statistics  what a newsletter's numbers say
access      who may use the API, and for what
"""

from __future__ import annotations

from digest.model.access import ApiKey, Scope
from digest.model.attempt import Effect, Outcome, Stage, Verdict
from digest.model.configured import (
    LINK_WORDS,
    Look,
    Mornings,
    Newsletter,
    Section,
    Source,
    SourceState,
)
from digest.model.delivery import OPEN, Counts, DeliveryLine, DeliveryState, Letter
from digest.model.desk import (
    Account,
    Duty,
    Edit,
    Noted,
    Promotion,
    Verb,
)
from digest.model.edition import (
    FROZEN,
    Edition,
    EditionState,
    Item,
    Rendering,
    Role,
    Segment,
    StoredEdition,
    edition_name,
    waits,
)
from digest.model.hooks import Call, Event, Hook
from digest.model.incident import RESTORED, Incident, Pause
from digest.model.moment import Coming, Moment, Plan
from digest.model.outbox import Mail, Single, Telling
from digest.model.reader import (
    Consent,
    Order,
    Subscribed,
    Subscription,
    SubscriptionState,
)
from digest.model.returned import Complaints, ProviderNotice, Returned
from digest.model.statistics import (
    Growth,
    Hour,
    Minute,
    OfDomain,
    Run,
    Trouble,
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
    "FROZEN",
    "LINK_WORDS",
    "OPEN",
    "RESTORED",
    "Account",
    "ApiKey",
    "Call",
    "Candidate",
    "Coming",
    "Complaints",
    "Consent",
    "Counts",
    "DeliveryLine",
    "DeliveryState",
    "Document",
    "Duty",
    "Edit",
    "Edition",
    "EditionState",
    "Effect",
    "Event",
    "Found",
    "Growth",
    "Hook",
    "Hour",
    "Incident",
    "Item",
    "Letter",
    "Look",
    "Mail",
    "Minute",
    "Moment",
    "Mornings",
    "Newsletter",
    "Noted",
    "OfDomain",
    "Order",
    "Outcome",
    "Pause",
    "Picture",
    "Plan",
    "Promotion",
    "ProviderNotice",
    "Rendering",
    "Returned",
    "Rhythm",
    "Role",
    "Run",
    "Saved",
    "Scope",
    "Section",
    "Segment",
    "Sent",
    "Single",
    "Source",
    "SourceState",
    "Stage",
    "StoredEdition",
    "Story",
    "Subscribed",
    "Subscription",
    "SubscriptionState",
    "Summary",
    "Telling",
    "Trouble",
    "Verb",
    "Verdict",
    "edition_name",
    "waits",
]
