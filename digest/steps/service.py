"""The running service: what is configured, and the edges it reaches the world through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from digest import ports
from digest.model import Edition, Look, Newsletter, Source


def _as_it_is(edition: Edition) -> Edition:
    return edition


@dataclass(frozen=True)
class Service:
    """Made once by the wiring; handed to every step."""

    look: Look
    newsletters: Sequence[Newsletter]
    sources: Sequence[Source]
    operator: str  # the address that is told what went wrong; "" for none
    give_up: timedelta  # how long after it was planned a delivery is tried
    stories: ports.Stories
    pictures: ports.Pictures
    editions: ports.Editions
    renderings: ports.Renderings
    retold: ports.Retold
    edits: ports.Edits
    promotions: ports.Promotions
    staff: ports.Staff
    planning: ports.Planning
    deliveries: ports.Deliveries
    visits: ports.Visits
    incidents: ports.Incidents
    outbox: ports.Outbox
    counted: Callable[[Edition], Edition] = _as_it_is  # its links led over our pages, where they are counted
    late: timedelta = timedelta(minutes=30)  # after its hour, when nobody has an edition
    thin: float = 0.5  # of the usual number of stories
    remind: timedelta = timedelta(hours=4)  # after which the operator is told once more
