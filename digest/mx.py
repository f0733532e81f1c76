"""Whether a domain takes mail, asked of the DNS: an MX record, else an address (RFC 5321, 5.1; RFC 7505)."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dns.resolver import Resolver

PATIENCE = 3  # seconds, for all that is asked at once
AT_ONCE = 50


class Domains:
    """Asks, and remembers answers as long as the DNS says. What gets no answer in time counts as fine."""

    def __init__(self, resolver: Resolver | None = None) -> None:
        """`resolver` is the system's where none is given."""
        self._given = resolver

    def dead(self, domains: Iterable[str]) -> set[str]:
        """Those of the domains that surely take no mail."""
        pool = ThreadPoolExecutor(AT_ONCE)
        asked = {pool.submit(self._is_dead, domain): domain for domain in set(domains)}
        answered, _ = wait(asked, PATIENCE)
        pool.shutdown(wait=False, cancel_futures=True)
        return {asked[one] for one in answered if _said(one)}

    def _is_dead(self, domain: str) -> bool:
        from email_validator import EmailUndeliverableError
        from email_validator.deliverability import validate_email_deliverability

        try:
            validate_email_deliverability(domain, domain, dns_resolver=self._resolver)
        except EmailUndeliverableError:
            return True
        return False

    @cached_property
    def _resolver(self) -> Resolver:
        from email_validator import caching_resolver

        return caching_resolver(timeout=PATIENCE, dns_resolver=self._given)


def _said(answer: Future[bool]) -> bool:
    """No: also where this machine has no DNS at all, which is nobody's fault but ours."""
    return answer.exception() is None and answer.result()
