"""Sources that answer and give less than they used to: incidents, told once, over when they are back."""

from __future__ import annotations

from datetime import datetime

from digest.collect.rhythm import oddity
from digest.steps.service import Service

KINDS = {"late source": "late", "thin source": "thin"}


def watch_sources(service: Service, now: datetime) -> None:
    """Open and close the incidents of sources that are late or thin. One that is dead is told already."""
    names = {source.name for source in service.sources}
    known = {incident.key for incident in service.incidents.current()}
    for rhythm in service.stories.rhythms(now):
        if rhythm.source in names and not service.visits.state(rhythm.source).failing_since:
            kind, sentence = oddity(rhythm, now)
            for name, short in KINDS.items():
                key = f"{short}:{rhythm.source}"
                if name == kind:
                    service.incidents.open(key, kind, sentence, now)
                elif key in known:
                    service.incidents.close(key, now)
