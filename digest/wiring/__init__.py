"""Settings become the running service. The only folder that knows both sides of every port."""

from __future__ import annotations

from digest.wiring.app import App, opened
from digest.wiring.configured import database, delivery_options, is_made, look, relays
from digest.wiring.secret import make_secret, rotate_secret

__all__ = [
    "App",
    "database",
    "delivery_options",
    "is_made",
    "look",
    "make_secret",
    "opened",
    "relays",
    "rotate_secret",
]
