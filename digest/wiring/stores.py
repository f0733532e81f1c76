"""Every store over one database, each made when it is first asked for."""

from __future__ import annotations

from functools import cached_property

from digest.settings import Settings
from digest.store.accounts import Accounts
from digest.store.archive import Archive
from digest.store.asked import AskedStore
from digest.store.attempts import Attempts
from digest.store.audit import Audit
from digest.store.clicks import Clicks
from digest.store.corrections import Corrections
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.edits import Edits
from digest.store.hooks import Hooks
from digest.store.idempotency import KeptAnswers
from digest.store.incidents import Incidents
from digest.store.keys import Keys
from digest.store.listing import Listing
from digest.store.migrate import upgrade
from digest.store.outbox import Outbox
from digest.store.pauses import Pauses
from digest.store.people import People
from digest.store.pictures import Pictures
from digest.store.planning import Planning
from digest.store.promotions import Promotions
from digest.store.readers import Readers
from digest.store.renderings import Renderings
from digest.store.retold import Retold
from digest.store.returns import Returns
from digest.store.seal import Seal
from digest.store.statistics import Statistics
from digest.store.stories import Stories
from digest.store.strikes import Strikes
from digest.store.suppressions import Suppressions
from digest.store.tellings import Tellings
from digest.store.visits import Visits
from digest.tokens import Tokens
from digest.wiring.configured import database
from digest.wiring.secret import signing_secrets


class Stores:
    """What the tables hold, by what is asked of them."""

    def __init__(self, settings: Settings, *, queued: bool = False) -> None:
        self.settings = settings
        self._queued = queued  # what it plans is for workers as well

    @cached_property
    def database(self) -> Database:
        """The store, brought to this version's tables."""
        made = database(self.settings)
        upgrade(made)
        return made

    @cached_property
    def tokens(self) -> Tokens:
        """Signs and verifies. Raises ConfigError where the secret is not the database's."""
        return Tokens(signing_secrets(self.settings, self.seal))

    @cached_property
    def seal(self) -> Seal:
        return Seal(self.database)

    @cached_property
    def readers(self) -> Readers:
        return Readers(self.database, self.tokens)

    @cached_property
    def suppressions(self) -> Suppressions:
        return Suppressions(self.database, self.tokens)

    @cached_property
    def people(self) -> People:
        return People(self.database, self.tokens)

    @cached_property
    def asked(self) -> AskedStore:
        return AskedStore(self.database)

    @cached_property
    def attempts(self) -> Attempts:
        return Attempts(self.database)

    @cached_property
    def strikes(self) -> Strikes:
        return Strikes(self.database)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.database)

    @cached_property
    def pauses(self) -> Pauses:
        return Pauses(self.database)

    @cached_property
    def stories(self) -> Stories:
        return Stories(self.database)

    @cached_property
    def pictures(self) -> Pictures:
        return Pictures(self.database, self.settings.folder / "var" / "pictures")

    @cached_property
    def editions(self) -> Editions:
        return Editions(self.database)

    @cached_property
    def renderings(self) -> Renderings:
        return Renderings(self.database)

    @cached_property
    def retold(self) -> Retold:
        return Retold(self.database)

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.database)

    @cached_property
    def clicks(self) -> Clicks:
        return Clicks(self.database)

    @cached_property
    def corrections(self) -> Corrections:
        return Corrections(self.database)

    @cached_property
    def tellings(self) -> Tellings:
        return Tellings(self.database)

    @cached_property
    def edits(self) -> Edits:
        return Edits(self.database)

    @cached_property
    def promotions(self) -> Promotions:
        return Promotions(self.database)

    @cached_property
    def planning(self) -> Planning:
        if not self._queued:
            return Planning(self.database)
        from digest.store.queue import enqueue

        return Planning(self.database, enqueue)

    @cached_property
    def incidents(self) -> Incidents:
        return Incidents(self.database)

    @cached_property
    def visits(self) -> Visits:
        return Visits(self.database)

    @cached_property
    def hooks(self) -> Hooks:
        return Hooks(self.database)

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.database)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.database)

    @cached_property
    def kept_answers(self) -> KeptAnswers:
        return KeptAnswers(self.database)

    @cached_property
    def statistics(self) -> Statistics:
        return Statistics(self.database)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.database)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.database)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.database)

    @cached_property
    def returns(self) -> Returns:
        return Returns(self.database, self.tokens)

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()
