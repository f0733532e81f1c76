"""Every error the service raises on purpose.

DigestError                  said in one line on stderr; exit code 1 unless noted
├── ConfigError              a file or key is wrong; names it and the cure (exit code 2)
├── UsageError               a command was given what it cannot take (exit code 2)
├── SourceError              a source could not be read; the others go on
│   ├── Declined             its server answered and gave nothing; in collect.answer
│   ├── Unsafe               an address that must not be fetched (private network, odd scheme)
│   └── TooMuch              larger, slower or deeper than the stated limits
├── TemplateError            a template does not render; names template and line
├── Stale                    somebody else changed it meanwhile; look again
├── StoreError               the database is gone, locked or full; nothing recorded is lost
│   ├── Crossed              another transaction and this one waited for each other; do it again
│   └── Fenced               another worker took over what this one had claimed; it must stop
├── ProviderError            the OpenID provider is away, or set up otherwise than we are; passwords still do
├── Unproven                 what an OpenID provider answered does not prove who somebody is
├── ReturnsError             the mailbox of returned mail cannot be read; it is tried again
└── RelayError               no mail server takes our mail; nothing is lost, the run pauses
    └── NoSession            a relay cannot be spoken to; in deliver.outcome
"""

from __future__ import annotations


class DigestError(Exception):
    """What happened, where, and what to do, in one line."""


class ConfigError(DigestError): ...


class UsageError(DigestError): ...


class SourceError(DigestError): ...


class Unsafe(SourceError): ...


class TooMuch(SourceError): ...


class TemplateError(DigestError): ...


class Stale(DigestError): ...


class StoreError(DigestError): ...


class Crossed(StoreError): ...


class Fenced(StoreError): ...


class ProviderError(DigestError): ...


class Unproven(DigestError): ...


class ReturnsError(DigestError): ...


class RelayError(DigestError): ...
