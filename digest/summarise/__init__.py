"""Summarise: a page, text or feed entry becomes its lead, and what else it tells about its story."""

from digest.summarise.lead import summarise

__all__ = ["summarise"]
