"""What went wrong is told to the operator by mail, once."""

from __future__ import annotations

from datetime import datetime

from digest.model import Incident
from digest.render.notice import compose_notice, notice_bytes
from digest.steps.service import Service


def tell_operator(service: Service, now: datetime) -> int:
    """Put a mail about each incident that was not told yet into the outbox; how many there were."""
    if not service.operator or not service.newsletters:
        return 0
    untold = service.incidents.untold()
    for incident in untold:
        key = f"incident:{incident.id}"
        service.outbox.put(key, "incident", service.operator, _mail(service, incident, key, now), now)
        service.incidents.tell(incident, now)
    return len(untold)


def _mail(service: Service, incident: Incident, key: str, now: datetime) -> bytes:
    subject = f"{service.look.site}: {incident.kind}"
    values = {"subject": subject, "text": incident.text, "url": f"{service.look.url}/desk"}
    return notice_bytes(
        compose_notice("incident", values, service.look),
        sender=service.newsletters[0].sender,
        to=service.operator,
        key=key,
        date=now,
    )
