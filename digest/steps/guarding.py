"""Our good name: complaints are counted as they come, the operator is warned, a domain is paused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from digest import ports
from digest.model import Complaints
from digest.record.reputation import WINDOW, Standing, standing
from digest.words import counted

KEY = "complaints:"
WHY = "readers complain of mail they did not want: look at who was imported, and how often you send"


@dataclass(frozen=True)
class Guarding:
    """What is needed to stop in time. `pause` takes a scope, a reason and the time."""

    returns: ports.Returns
    incidents: ports.Incidents
    pause: Callable[[str, str, datetime], None]


def guard(guarding: Guarding, now: datetime) -> None:
    """Warn at 0.1 % of a day's mails, pause at 0.3 %, by domain and over all.

    A domain is paused once a day: whoever resumes it is not overruled by the next complaint.
    """
    for incident in guarding.incidents.current():
        if incident.key.startswith(KEY) and not incident.key.endswith(f"{now:%Y-%m-%d}"):
            guarding.incidents.close(incident.key, now)
    for one in guarding.returns.complaints(now - WINDOW):
        judged = standing(one)
        if judged is Standing.GOOD:
            continue
        opened = guarding.incidents.open(*_incident(judged, one, now), now)
        if opened and judged is Standing.PAUSED:
            guarding.pause(f"domain:{one.domain}" if one.domain else "all", _told(one), now)


def _incident(judged: Standing, one: Complaints, now: datetime) -> tuple[str, str, str]:
    """Key, kind and text."""
    said = f"{_told(one)}; {WHY}"
    if judged is Standing.PAUSED:
        said = f"Sending is paused: {said}. Go on with: digest resume"
    return f"{KEY}{judged}:{one.domain or 'all'}:{now:%Y-%m-%d}", "complaints", said


def _told(one: Complaints) -> str:
    where = f"at {one.domain}" if one.domain else "at all domains"
    complaints = counted(one.complaints, "complaint", "complaints")
    return f"{complaints} of {one.delivered} mails {where} in a day ({one.rate:.2%})"
