"""What the form to subscribe needs, on whichever page it stands."""

from __future__ import annotations

from typing import Any

from digest.model import Mornings
from digest.web.phrases import when, zones
from digest.web.site import Site


def offers(
    site: Site, newsletter: str = "", typed: str = "", problem: str = "", zone: str = ""
) -> dict[str, Any]:
    """The newsletters to choose from, and the zones where one goes by readers' own mornings.

    Without a script nobody tells us a browser's zone, so the newsletter's home is set and a reader elsewhere
    chooses. `problem` is "", or why the form is shown again: see landing.keep.
    """
    wording = site.wording()
    known = list(site.newsletters.values())
    chosen = site.newsletters.get(newsletter) or next(iter(known), None)
    return {
        **site.seal(),
        "offers": [(one.slug, one.title, when(one, wording)) for one in known],
        "chosen": chosen.slug if chosen else "",
        "zones": zones() if any(one.mornings is Mornings.READER for one in known) else {},
        "zone": zone or (chosen.zone if chosen else ""),
        "typed": typed,
        "problem": problem,
    }
