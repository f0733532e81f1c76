"""The whole of config/digest.toml, a class for each of its tables: keys, their kinds and defaults."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from digest.settings.table import Table
from digest.settings.tables_mail import (
    DeliveryTable,
    DkimTable,
    OperatorTable,
    PaceTable,
    ProvidersTable,
    RelayTable,
    ReturnsTable,
    SmtpTable,
    WarmupTable,
)
from digest.settings.tables_news import NewsletterTable, SourceTable
from digest.settings.tables_site import (
    AddressesTable,
    ApiTable,
    DeskTable,
    HookTable,
    Images,
    ImagesTable,
    LookTable,
    OidcTable,
    SiteTable,
    StoreTable,
    TrackingTable,
    WebTable,
)


class Settings(Table):
    """The whole configuration, checked. `folder` is the working folder: relative paths start there."""

    folder: Path = Field(default=Path(), exclude=True)
    site: SiteTable = SiteTable()
    look: LookTable = LookTable()
    images: Images = ImagesTable()
    store: StoreTable = StoreTable()
    smtp: SmtpTable = SmtpTable()
    delivery: DeliveryTable = DeliveryTable()
    web: WebTable = WebTable()
    desk: DeskTable = DeskTable()
    oidc: OidcTable = OidcTable()
    operator: OperatorTable = OperatorTable()
    returns: ReturnsTable = ReturnsTable()
    providers: ProvidersTable = ProvidersTable()
    dkim: DkimTable = DkimTable()
    warmup: WarmupTable = WarmupTable()
    addresses: AddressesTable = AddressesTable()
    api: ApiTable = ApiTable()
    hooks: tuple[HookTable, ...] = ()
    tracking: TrackingTable = TrackingTable()
    relays: tuple[RelayTable, ...] = ()
    pace: dict[str, PaceTable] = Field(default_factory=dict)
    sources: tuple[SourceTable, ...] = ()
    newsletters: tuple[NewsletterTable, ...] = ()
