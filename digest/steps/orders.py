"""What a reader asks for, as it is typed, becomes an Order: by command, import and API alike."""

from __future__ import annotations

from digest.errors import UsageError
from digest.model import Newsletter, Order
from digest.schedule.asked import checked_days, checked_quarter, checked_zone


def order_of(newsletter: Newsletter, zone: str, at: str, sections: str, days: str = "") -> Order:
    """What was asked for, the newsletter's own where nothing was. Raises UsageError."""
    try:
        return Order(
            checked_zone(zone) if zone else newsletter.zone,
            checked_quarter(at) if at else newsletter.send_at,
            checked_days(days) if days else newsletter.days,
            _known_sections(newsletter, sections),
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _known_sections(newsletter: Newsletter, sections: str) -> tuple[str, ...]:
    known = {section.name.casefold(): section.name for section in newsletter.sections}
    wanted = [name.strip() for name in sections.replace(";", ",").split(",") if name.strip()]
    unknown = [name for name in wanted if known and name.casefold() not in known]
    if unknown:
        raise UsageError(
            f"{newsletter.slug} has no section {unknown[0]!r}; it has {', '.join(known.values())}"
        )
    return tuple(known.get(name.casefold(), name) for name in wanted)
