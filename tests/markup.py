"""Whether HTML is as the standard wants it: html5lib reads it as a browser does, and names every error.

It checks how a page is written: nesting, quotes, entities, the doctype. It does not know which attribute an
element may have; the Nu validator does, and needs Java.
"""

from __future__ import annotations

import html5lib
from html5lib.constants import E


def errors(html: str) -> list[str]:
    """A sentence an error, with its line."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [f"line {line}: {E[code] % facts}" for (line, _), code, facts in parser.errors]
