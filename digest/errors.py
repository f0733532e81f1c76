"""Every error the service raises on purpose.

DigestError                  said in one line on stderr; exit code 1 unless noted
├── ConfigError              a file or key is wrong; names it and the cure (exit code 2)
├── UsageError               a command was given what it cannot take (exit code 2)
├── SourceError              a source could not be read; the others go on
│   ├── Unsafe               an address that must not be fetched (private network, odd scheme)
│   └── TooMuch              larger, slower or deeper than the stated limits
├── TemplateError            a template does not render; names template and line
├── Stale                    somebody else changed it meanwhile; look again
├── StoreError               the database is gone, locked or full; nothing recorded is lost
│   └── Fenced               another worker took over what this one had claimed; it must stop
├── ProviderError            the OpenID provider is away, or set up otherwise than we are; passwords still do
├── Unproven                 what an OpenID provider answered does not prove who somebody is
├── ReturnsError             the mailbox of returned mail cannot be read; it is tried again
└── RelayError               no mail server takes our mail; nothing is lost, the run pauses
"""


class DigestError(Exception):
    """What happened, where, and what to do, in one line."""


class ConfigError(DigestError):
    """A configuration file or key is wrong."""


class UsageError(DigestError):
    """A command was given what it cannot take."""


class SourceError(DigestError):
    """A source could not be read."""


class Unsafe(SourceError):
    """An address that must not be fetched."""


class TooMuch(SourceError):
    """Larger, slower or deeper than the stated limits."""


class TemplateError(DigestError):
    """A template does not render."""


class Stale(DigestError):
    """Somebody else changed it meanwhile."""


class StoreError(DigestError):
    """The database is gone, locked or full."""


class Crossed(StoreError):
    """Another transaction and this one waited for each other, and this one was ended: do it again."""


class Fenced(StoreError):
    """Another worker took over what this one had claimed."""


class ProviderError(DigestError):
    """The OpenID provider is away, or set up otherwise than we are."""


class Unproven(DigestError):
    """What an OpenID provider answered does not prove who somebody is."""


class ReturnsError(DigestError):
    """The mailbox of returned mail cannot be read."""


class RelayError(DigestError):
    """No mail server takes our mail."""
