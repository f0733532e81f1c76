"""A name server on loopback, for tests of what is asked of the DNS."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

Zone = Mapping[str, Mapping[str, str]]  # domain, kind of record, text; a domain with no record is there


@contextmanager
def name_server(zone: Zone, silent: str = "") -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks it. Of other domains it says that there are none; of `silent` it says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(sock, zone, silent))
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = sock.getsockname()[1]
        yield resolver
        sock.sendto(b"", sock.getsockname())
        thread.join()


def _serve(sock: socket.socket, zone: Zone, silent: str) -> None:
    while True:
        data, client = sock.recvfrom(4096)
        if not data:
            return
        query = dns.message.from_wire(data)
        if silent not in str(query.question[0].name) or not silent:
            sock.sendto(_answer(query, zone).to_wire(), client)


def _answer(query: dns.message.Message, zone: Zone) -> dns.message.Message:
    (question,) = query.question
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    records = zone.get(str(question.name).rstrip("."))
    if records is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    elif text := records.get(dns.rdatatype.to_text(question.rdtype)):
        answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", question.rdtype, text))
    return answer
