"""Settings become the running service. The only folder that knows both sides of every port.

app         the running app: everything a command may need
sending     the way out: relays, signatures, the ledger of this process
stores      every store over one database
configured  settings as the stages know them
secret      the secret that signs links
"""

from __future__ import annotations

from digest.wiring.app import App, opened
from digest.wiring.configured import database, delivery_options, look, relays
from digest.wiring.secret import make_secret, rotate_secret

__all__ = ["App", "database", "delivery_options", "look", "make_secret", "opened", "relays", "rotate_secret"]
