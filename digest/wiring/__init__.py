"""Settings become the running service. The only folder that knows both sides of every port.

app         the running app: everything a command may need
sending     the way out: relays, signatures, the ledger of this process
stores      every store over one database
configured  settings as the stages know them
secret      the secret that signs links
"""

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
