"""What the DNS must say of the sender's domain, judged, with the record to publish. Pure.

Gmail and Yahoo have asked bulk senders for SPF, DKIM, DMARC and a PTR record since February 2024.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.deliver.dkim import Record, strings
from digest.doctor.finding import Finding, error, ok, warning
from digest.doctor.lookup import Answer, is_address

LOOKUPS = 10  # that one SPF record may cost a receiver (RFC 7208, section 4.6.4)
NO_MAIL = "0 "  # a null MX, its root dot taken off by lookup.py
ASKING = re.compile(r"(?:^|\s)[+~?-]?(?:include:|a\b|mx\b|ptr\b|exists:|redirect=)")

# What a domain must say when one of these carries its mail: the relay is of this domain, SPF says this.
CARRIERS = {
    "amazonaws.com": "include:amazonses.com",
    "sendgrid.net": "include:sendgrid.net",
    "mailgun.org": "include:mailgun.org",
    "postmarkapp.com": "include:spf.mtasv.net",
    "mailjet.com": "include:spf.mailjet.com",
    "brevo.com": "include:spf.brevo.com",
    "sparkpostmail.com": "include:_spf.sparkpostmail.com",
    "mandrillapp.com": "include:spf.mandrillapp.com",
    "gmail.com": "include:_spf.google.com",
    "office365.com": "include:spf.protection.outlook.com",
    "outlook.com": "include:spf.protection.outlook.com",
}


def way_out(relay: str) -> str:
    """The SPF term that stands for this relay; "" is one that nothing is known of."""
    if address := is_address(relay):
        return f"ip{address.version}:{relay}"
    named = f"a:{relay}" if relay else "mx"
    return next((term for name, term in CARRIERS.items() if _is_of(relay, name)), named)


def is_carrier(host: str) -> bool:
    """Whether this relay belongs to one of them, whose machines are none of our concern."""
    return any(_is_of(host, name) for name in CARRIERS)


def _is_of(host: str, domain: str) -> bool:
    return f".{host}".endswith(f".{domain}")


def spf(domain: str, texts: Answer, relay: str, relays: Sequence[str]) -> Finding:
    """One SPF record (RFC 7208), that names the relay or one of its addresses, and ends in a refusal."""
    check = f"spf {domain}"
    if texts is None:
        return unanswered(check, domain)
    records = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return error(check, "there is no SPF record", publish(domain, "TXT", f"v=spf1 {way_out(relay)} ~all"))
    if len(records) > 1:
        return error(check, f"there are {len(records)} SPF records, and so none counts", "publish one alone")
    return _spf(domain, records[0], relay, relays)


def _spf(domain: str, record: str, relay: str, relays: Sequence[str]) -> Finding:
    check, term = f"spf {domain}", way_out(relay)
    if (count := len(ASKING.findall(record))) > LOOKUPS:
        said = f"it asks for {count} lookups, and {LOOKUPS} are allowed"
        return error(check, said, "name addresses instead: ip4:…")
    if re.search(r"(?:^|\s)\+?all\b", record):
        return error(check, f"{record}: lets everybody send in your name", "end it in ~all or -all")
    if relay and not _names(record, term, relays):
        wanted = f"v=spf1 {term}{record[len('v=spf1') :]}"
        return warning(check, f"{record}: does not name {relay}", publish(domain, "TXT", wanted))
    return ok(check, record)


def _names(record: str, term: str, relays: Sequence[str]) -> bool:
    """Whether the record names the relay in so many words; what its includes say is not followed."""
    words = record.lower().split()
    return term in words or any(word.split(":", 1)[-1].split("/")[0] in relays for word in words)


UNSIGNED = ok("dkim", "signing is left to the relay: look for DKIM-Signature in a copy (digest send --to)")


def dkim(record: Record, texts: Answer) -> Finding:
    """The public key of what we sign with (RFC 6376)."""
    check, cure = f"dkim {record.name}", publish(record.name, "TXT", record.value)
    wanted = re.search(r"p=([\w+/=]+)", record.value)
    if texts is None:
        return unanswered(check, record.name)
    said = next((text for text in texts if "p=" in text), "")
    if not said:
        return error(check, "there is no key for what we sign with", cure)
    if wanted and wanted[1] not in said.replace(" ", ""):
        return error(check, "it is not the key we sign with", cure)
    return ok(check, "is the key we sign with")


def dmarc(domain: str, texts: Answer, operator: str = "") -> Finding:
    """A DMARC policy (RFC 7489), here or at a parent domain; `operator` gets the reports."""
    check = f"dmarc {domain}"
    if texts is None:
        return unanswered(check, f"_dmarc.{domain}")
    records = [text for text in texts if re.match(r"v\s*=\s*DMARC1", text)]
    if not records:
        reports = f"; rua=mailto:{operator}" if operator.endswith(f"@{domain}") else ""
        return error(
            check,
            "there is no DMARC record",
            publish(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=none{reports}"),
        )
    if len(records) > 1 or not re.search(r"\bp\s*=\s*(none|quarantine|reject)\b", records[0]):
        return error(
            check,
            f"{'; '.join(records)}: not one record with a policy",
            "publish one, with p=none or stricter",
        )
    return ok(check, records[0])


def mx(domain: str, servers: Answer, hosts: Answer) -> Finding:
    """Somewhere for replies and returned mails to go: MX, else an address (RFC 5321, section 5.1)."""
    check, cure = f"mx {domain}", publish(domain, "MX", f"10 mail.{domain}.")
    if servers is None:
        return unanswered(check, domain)
    if NO_MAIL in servers:
        return error(check, "it says that it takes no mail (RFC 7505)", cure)
    if servers:
        return ok(check, ", ".join(sorted(servers)))
    if hosts:
        return warning(check, "there is no MX record; mail goes to the domain's address", cure)
    return error(check, "replies and returned mails cannot arrive", cure)


def ptr(host: str, address: str, names: Answer, back: Answer) -> Finding:
    """A name for the sending address, that leads back to it: many servers refuse mail without."""
    check = f"ptr {address}"
    if names is None:
        return unanswered(check, address)
    wanted = "a name of yours that leads back to it" if is_address(host) else host
    cure = f"ask whoever gave you {address} to set its reverse name to {wanted}"
    if not names:
        return error(check, f"{host} has no name in the reverse DNS", cure)
    if address not in (back or ()):
        return warning(check, f"its name is {names[0]}, which does not lead back to it", cure)
    return ok(check, names[0])


def unanswered(check: str, name: str) -> Finding:
    return warning(check, f"no name server answered for {name}", "try again; see /etc/resolv.conf")


def publish(name: str, kind: str, value: str) -> str:
    """The line for a zone file."""
    shown = strings(value) if kind == "TXT" else value
    return f"publish: {name}. {kind} {shown}"
