"""A filled-in preferences form becomes wishes, or the name of the field that is wrong. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digest.addresses import Address, accept
from digest.errors import UsageError
from digest.model import Mornings, Newsletter, Order, Subscription
from digest.render.catalogue import languages
from digest.schedule.asked import checked_quarter
from digest.schedule.due import WEEKDAYS, weekdays, zone_names
from digest.web.forms import Form, first

LONGEST_PAUSE = timedelta(days=366)


class Wrong(ValueError):
    """A field that cannot be taken. `field` is sections, days, at, zone, pause or email."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that a reader wants from now on: the newsletters, each with its order, and what holds for all."""

    orders: Mapping[str, Order]
    language: str
    paused_until: date | None  # the first day that is sent again
    address: Address


def wishes(
    form: Form, newsletters: Sequence[Newsletter], mine: Mapping[str, Subscription], today: date
) -> Wishes:
    """What the form says. `mine` are the reader's subscriptions by newsletter, `today` their own date.

    Raises Wrong.
    """
    wanted = set(form.get("newsletter", ()))
    return Wishes(
        orders={one.slug: _order(form, one, mine) for one in newsletters if one.slug in wanted},
        language=_language(first(form, "language")),
        paused_until=_pause(form, today),
        address=_address(first(form, "email")),
    )


def _order(form: Form, newsletter: Newsletter, mine: Mapping[str, Subscription]) -> Order:
    """A newsletter's part of the form; zone and hour are asked only where each reader has their own."""
    before = mine.get(newsletter.slug)
    zone = first(form, "zone") or (before.zone if before else newsletter.zone)
    hour = first(form, f"{newsletter.slug}.at")
    at = before.at if before else newsletter.send_at
    if zone not in zone_names():
        raise Wrong("zone")
    try:
        at = checked_quarter(hour) if hour and newsletter.mornings is Mornings.READER else at
    except ValueError:
        raise Wrong("at") from None
    own_only = bool(first(form, f"{newsletter.slug}.own_only"))
    return Order(zone, at, _days(form, newsletter), _sections(form, newsletter), own_only)


def _days(form: Form, newsletter: Newsletter) -> str:
    """The chosen ones among the newsletter's days; all of them under its own name, so moments stay few."""
    offered = weekdays(newsletter.days)
    chosen = offered & set(form.get(f"{newsletter.slug}.days", ()))
    if not chosen:
        raise Wrong("days")
    return newsletter.days if chosen == offered else ",".join(day for day in WEEKDAYS if day in chosen)


def _sections(form: Form, newsletter: Newsletter) -> tuple[str, ...]:
    """The chosen sections; empty for all of them, those to come included."""
    offered = [section.name for section in newsletter.sections]
    sent = set(form.get(f"{newsletter.slug}.sections", ()))
    chosen = tuple(name for name in offered if name in sent)
    if offered and not chosen:
        raise Wrong("sections")
    return () if len(chosen) == len(offered) else chosen


def _language(sent: str) -> str:
    return sent if sent in languages() else ""


def _pause(form: Form, today: date) -> date | None:
    """A button's number of days (0: none), else the date."""
    days, until = first(form, "pause_for"), first(form, "pause_until")
    try:
        end = today + timedelta(days=int(days)) if days else date.fromisoformat(until) if until else None
    except (ValueError, OverflowError):
        raise Wrong("pause") from None
    if end and end > today + LONGEST_PAUSE:
        raise Wrong("pause")
    return end if end and end > today else None


def _address(typed: str) -> Address:
    try:
        return accept(typed)
    except UsageError:
        raise Wrong("email") from None
