"""The tables of the service and its pages: the site, its look, its store, who may come in, who is told."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from digest.model import Event, Look
from digest.settings.kinds import (
    AnyWebAddress,
    Colour,
    Endpoint,
    Issuer,
    Picture,
    StoreAddress,
    WebAddress,
)
from digest.settings.table import Table

_LOOK = Look()


class SiteTable(Table):
    name: str = _LOOK.site
    url: WebAddress = _LOOK.url
    postal_address: str = _LOOK.postal_address
    secret: str = ""  # environment only
    templates: str = _LOOK.templates


class LookTable(Table):
    """A `model.Look` as written, but for what [site], [images] and [returns] say of it."""

    accent: Colour = _LOOK.accent
    ink: Colour = _LOOK.ink
    paper: Colour = _LOOK.paper
    ground: Colour = _LOOK.ground
    serif: str = _LOOK.serif
    sans: str = _LOOK.sans
    logo: Picture = _LOOK.logo
    logo_width: int = Field(_LOOK.logo_width, ge=16, le=600)
    labels: dict[str, str] = Field(default_factory=dict)


class ImagesTable(Table):
    """What becomes of stories' pictures; written as a table, or as its mode alone."""

    mode: Literal["link", "host", "none"] = "link"


def _images(value: object) -> object:
    return {"mode": value} if isinstance(value, str) else value


Images = Annotated[ImagesTable, BeforeValidator(_images)]


class StoreTable(Table):
    url: StoreAddress = "sqlite:///var/digest.db"
    password: str = ""  # environment only


class WebTable(Table):
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    trusted_proxies: tuple[str, ...] = ()
    proof_of_work: bool = False
    metrics_key: str = ""  # environment only


class DeskTable(Table):
    """Where the desk listens by itself, as "127.0.0.1:8001"; "" is /desk on the web port."""

    listen: Endpoint = None


class OidcTable(Table):
    """The OpenID provider by which people may sign in at the desk; without an issuer there is none."""

    issuer: Issuer = ""
    client_id: str = ""
    client_secret: str = ""  # environment only; without one, PKCE alone tells us from others
    name: str = "OpenID Connect"
    allow_private: bool = False

    @model_validator(mode="after")
    def _knows_itself(self) -> Self:
        if self.issuer and not self.client_id:
            raise ValueError("client_id: is missing; the provider gives one to whoever registers the desk")
        return self


class ApiTable(Table):
    hook_secret: str = ""  # environment only; several with spaces between, the newest first


class HookTable(Table):
    """A `model.Hook` as written; without `events` it is told of all."""

    url: AnyWebAddress
    events: tuple[Event, ...] = tuple(Event)
    allow_private: bool = False


class AddressesTable(Table):
    check_mx: bool = False
    refuse: tuple[str, ...] = ()


class TrackingTable(Table):
    clicks: bool = False
