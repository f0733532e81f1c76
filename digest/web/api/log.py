"""What a program changed, in the desk's log beside what people did: one line a request.

Not what it posts to /stories: that may be thousands of requests a day, and would bury the rest. Each text of
a story is kept, with its source and its time, and a source of its own for each program says whose it is.
"""

from __future__ import annotations

from digest.model import ApiKey
from digest.web.site import Site


def noted(site: Site, key: ApiKey, did: str, what: str) -> None:
    """Add a line. `what` holds no address: nobody who was forgotten stays in the log."""
    site.app.audit.note(key.who, did, what, site.clock())
