"""Words for people, where a library would be more than the matter."""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    """So many of them: 1 story, 2 stories."""
    return f"{number:,} {one if number == 1 else many}"
