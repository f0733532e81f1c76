"""What the form to subscribe needs, on whichever page it stands."""

from __future__ import annotations

from typing import Any

from digest.web.site import Site
from digest.web.told import when


def offers(site: Site, newsletter: str = "", typed: str = "", problem: str = "") -> dict[str, Any]:
    """The newsletters to choose from. `problem` is "", or why the form is shown again: see landing.keep."""
    wording = site.wording()
    known = list(site.newsletters.values())
    chosen = newsletter if newsletter in site.newsletters else (known[0].slug if known else "")
    shown = [(one.slug, one.title, when(one, wording)) for one in known]
    return {"stamp": site.stamp(), "offers": shown, "chosen": chosen, "typed": typed, "problem": problem}
