"""Settings become the running service. The only folder that knows both sides of every port."""

from __future__ import annotations

from digest.wiring.app import App, opened
from digest.wiring.configured import database, delivery_options, is_made, look, relays
from digest.wiring.secret import accept_secret, known_secrets, make_secret, misfit, rotate_secret

__all__ = [
    "App",
    "accept_secret",
    "database",
    "delivery_options",
    "is_made",
    "known_secrets",
    "look",
    "make_secret",
    "misfit",
    "opened",
    "relays",
    "rotate_secret",
]
