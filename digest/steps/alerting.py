"""What went wrong is told to the operator by mail: once, once more if it lasts, and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from digest.model import Incident, Single
from digest.render.notice import compose_notice
from digest.steps.service import Service
from digest.steps.writing import single

News = tuple[str, Sequence[Incident], Callable[[Incident, datetime], None]]


def has_news(service: Service, now: datetime) -> bool:
    """Whether there is anything to tell."""
    return any(incidents for _, incidents, _ in _news(service, now))


def tell_operator(service: Service, now: datetime) -> int:
    """Put a mail about each piece of news into the outbox; how many there were."""
    if not service.operator or not service.newsletters:
        return 0
    told = 0
    for prefix, incidents, remember in _news(service, now):
        for incident in incidents:
            key = f"incident:{incident.id}{prefix and f':{prefix}'}"
            service.outbox.put(_mail(service, incident, prefix, key, now), now)
            remember(incident, now)
            told += 1
    return told


def _news(service: Service, now: datetime) -> Iterator[News]:
    """What is new, what lasts, what is over, each with how to remember that it was told."""
    incidents = service.incidents
    yield "", incidents.untold(), incidents.tell
    yield "still", incidents.lasting(now - service.remind), incidents.remind
    yield "over", incidents.over(), incidents.end


def _mail(service: Service, incident: Incident, prefix: str, key: str, now: datetime) -> Single:
    subject = f"{service.look.site}: {f'{prefix}: ' if prefix else ''}{incident.kind}"
    said = {"still": "This is still so:", "over": "This is over:"}.get(prefix, "")
    text = f"{said} {incident.text}".strip()
    values = {"subject": subject, "text": text, "url": f"{service.look.url}/desk"}
    notice, sender = compose_notice("incident", values, service.look), service.newsletters[0].sender
    return single("incident", key, notice, now, sender=sender, to=service.operator)
