"""What comes back and what is kept: returned mail understood, suppression decided."""

from digest.record.bounces import understand

__all__ = ["understand"]
