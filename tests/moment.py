"""The moment the readers of `morning` are due; apart from it, because importing the tables takes a while."""

ISSUED = 1_767_250_800  # 1 January 2026, 07:00 UTC
