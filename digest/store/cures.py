"""What to do about what a database says went wrong."""

from __future__ import annotations

UNREACHABLE = "start it, or set store.url right"

# The first line of which a word is in what was said. PostgreSQL's first failures all begin with "connection".
_CURES = (
    ("connection", UNREACHABLE),
    ("no such table", "run: digest db upgrade"),
    ("does not exist", "run: digest db upgrade"),
    ("not a database", "put a backup in its place: digest db restore FILE"),
    ("malformed", "put a backup in its place: digest db restore FILE"),
    ("readonly", "give it, and its folder, to the user who runs the service, and be that user"),
    ("unable to open", "see that its folder is there, and belongs to the user who runs the service"),
    ("disk is full", "make room"),
    ("No space left", "make room"),
    ("locked", "another program writes for long: try again when it has ended"),
)


def cure(said: str) -> str:
    """What to do where a database said this; "" where nothing better is known than the words themselves."""
    return next((cure for word, cure in _CURES if word in said), "")
