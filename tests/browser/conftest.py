"""The pages as they are at noon: what they show depends on the hour."""

from tests.noon import noon

__all__ = ["noon"]
