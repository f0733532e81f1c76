"""How much a stranger may ask for. Pure: who asks and for which address in, rules out.

They hold for anonymous requests only. Whoever brings a valid token, or an address from inside (commands,
imports), is never limited. See docs/pages.md for the reasons of each number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from digest.addresses import Address
from digest.store.attempts import Rule

MINUTE, HOUR, DAY = 60, 3600, 86400
ALL = "all"

# Where so many people have their box that twenty an hour is an ordinary morning.
# fmt: off
LARGE = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com",
    "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de",
    "t-online.de", "freenet.de", "orange.fr", "free.fr", "laposte.net", "libero.it", "wp.pl", "seznam.cz",
    "mail.ru", "yandex.ru", "qq.com", "163.com", "126.com", "naver.com", "docomo.ne.jp",
})
# fmt: on


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers: mails unless another thing is named."""

    requests_an_ip: int = 10  # forms in ten minutes
    box_an_hour: int = 1
    box_a_day: int = 3
    domain_an_hour: int = 20
    large_domain_an_hour: int = 500
    all_an_hour: int = 1000  # the brake: beyond it the operator is told, and nobody gets a mail
    wrong_tokens: int = 50  # of one address on the net, in ten minutes
    youngest_form: timedelta = timedelta(seconds=1)  # quicker than that is no person
    oldest_form: timedelta = timedelta(days=1)

    def asking(self, client: str, stamp: str) -> Sequence[Rule]:
        """For one form that was sent in: its stamp works once."""
        return [
            Rule(f"ip:{network(client)}", self.requests_an_ip, 10 * MINUTE),
            Rule(f"form:{stamp}", 1, DAY),
        ]

    def guessing(self, client: str) -> Sequence[Rule]:
        """For a link that is none of ours."""
        return [Rule(f"wrong:{network(client)}", self.wrong_tokens, 10 * MINUTE)]

    def mailing(self, address: Address, box: str) -> Sequence[Rule]:
        """For one mail to an address that a stranger typed. `box` names its mailbox, see `mailbox`."""
        domain = address.domain
        a_domain = self.large_domain_an_hour if domain in LARGE else self.domain_an_hour
        return [
            Rule(f"box:{box}", self.box_an_hour, HOUR),
            Rule(f"box:{box}", self.box_a_day, DAY),
            Rule(f"domain:{domain}", a_domain, HOUR),
            Rule(ALL, self.all_an_hour, HOUR),
        ]


def mailbox(address: Address) -> str:
    """The box that an address probably ends in: dots and +tags are folded, for counting only."""
    local, _, domain = address.key.rpartition("@")
    domain = "gmail.com" if domain == "googlemail.com" else domain
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def network(client: str) -> str:
    """Who a client is for a limit: an IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        ip = ip_address(client)
    except ValueError:
        return client
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped) if ip.ipv4_mapped else f"{IPv6Address(int(ip) >> 64 << 64)}/64"
    return str(ip)
