"""The day's stories become one edition: chosen by time, ranked, given their places, titled. Pure."""

from digest.compose.edition import compose
from digest.compose.window import Window, eligible, is_material, why_none

__all__ = ["Window", "compose", "eligible", "is_material", "why_none"]
