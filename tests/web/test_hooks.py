"""Mail providers' web hooks: only their own word counts, once, and what it says goes through our table."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from httpx2 import Response

from digest.addresses import accept
from digest.store.strikes import Strikes
from digest.web.hooks import LARGEST
from tests.builders import NOON, subscribe
from tests.web.site import Newspaper, copy_of

SECRET = "a secret of the provider"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:returned"
CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"
ECDSA = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
DEAD = "550 5.1.1 <ada@example.com>: user unknown"
FULL = "452 4.2.2 mailbox full"
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Provider:
    """How a provider tells that ada's address is dead, that her box is full, that she complained."""

    name: str
    sign: Callable[[Any], tuple[bytes, Headers]]
    dead: Any
    full: Any
    complaint: Any


def mailgun(event: Any) -> tuple[bytes, Headers]:
    token = f"token of {json.dumps(event)}"
    made = hmac.digest(SECRET.encode(), f"1767225600{token}".encode(), "sha256").hex()
    signature = {"timestamp": "1767225600", "token": token, "signature": made}
    return json.dumps({"signature": signature, "event-data": event}).encode(), {}


def with_password(event: Any) -> tuple[bytes, Headers]:
    basic = b64encode(f"any:{SECRET}".encode()).decode()
    return json.dumps(event).encode(), {"authorization": f"Basic {basic}"}


def with_token(event: Any) -> tuple[bytes, Headers]:
    return json.dumps(event).encode(), {"authorization": f"Bearer {SECRET}"}


def sendgrid(event: Any) -> tuple[bytes, Headers]:
    body = json.dumps([{"event": "delivered", "email": "bob@example.com"}, event]).encode()
    signed = b64encode(ECDSA.sign(b"1767225600" + body, ec.ECDSA(SHA256()))).decode()
    name = "x-twilio-email-event-webhook"
    return body, {f"{name}-signature": signed, f"{name}-timestamp": "1767225600"}


def sns(message: Any, kind: str = "Notification", version: str = "2", **more: str) -> tuple[bytes, Headers]:
    told = {"Message": json.dumps(message), "MessageId": "1", "Timestamp": "2026-03-10T12:00:00.000Z"}
    told |= {"TopicArn": TOPIC, "Type": kind, **more}
    signed = "".join(f"{name}\n{told[name]}\n" for name in sorted(told))
    made = RSA.sign(signed.encode(), PKCS1v15(), SHA256() if version == "2" else SHA1())
    told |= {"SignatureVersion": version, "Signature": b64encode(made).decode()}
    return json.dumps({"SigningCertURL": CERTIFICATE_URL, **told}).encode(), {}


def ses(kind: str, **told: Any) -> Any:
    return {"notificationType": kind, kind.lower(): told}


def bounced(kind: str, reply: str) -> Any:
    recipients = [{"emailAddress": "ada@example.com", "diagnosticCode": reply}]
    return ses("Bounce", bounceType=kind, bounceSubType="General", bouncedRecipients=recipients)


ADA = {"recipient": "ada@example.com"}
PROVIDERS = (
    Provider(
        "mailgun",
        mailgun,
        {
            "event": "failed",
            "severity": "permanent",
            "delivery-status": {"code": 550, "message": DEAD},
            **ADA,
        },
        {
            "event": "failed",
            "severity": "temporary",
            "delivery-status": {"code": 452, "message": FULL},
            **ADA,
        },
        {"event": "complained", **ADA},
    ),
    Provider(
        "postmark",
        with_password,
        {"RecordType": "Bounce", "Type": "HardBounce", "Email": "ada@example.com", "Details": DEAD},
        {"RecordType": "Bounce", "Type": "SoftBounce", "Email": "ada@example.com", "Details": FULL},
        {"RecordType": "SpamComplaint", "Email": "ada@example.com"},
    ),
    Provider(
        "sendgrid",
        sendgrid,
        {"event": "bounce", "type": "bounce", "email": "ada@example.com", "status": "5.1.1", "reason": DEAD},
        {"event": "deferred", "email": "ada@example.com", "response": FULL},
        {"event": "spamreport", "email": "ada@example.com"},
    ),
    Provider(
        "brevo",
        with_token,
        {"event": "hard_bounce", "email": "ada@example.com", "reason": DEAD},
        {"event": "soft_bounce", "email": "ada@example.com", "reason": FULL},
        {"event": "spam", "email": "ada@example.com"},
    ),
    Provider(
        "ses",
        sns,
        bounced("Permanent", DEAD),
        bounced("Transient", FULL),
        ses("Complaint", complainedRecipients=[{"emailAddress": "ada@example.com"}]),
    ),
)
each = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)


@pytest.fixture(scope="module")
def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(RSA.public_key())
    made = made.serial_number(1).not_valid_before(NOON).not_valid_after(NOON + timedelta(days=365))
    return made.sign(RSA, SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture
def house(prepared: Path, tmp_path: Path, certificate: bytes) -> Newspaper:
    """A newspaper that all providers tell; the certificate of SNS was fetched before."""
    public = ECDSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    keys = dict.fromkeys(("mailgun", "postmark", "brevo"), SECRET)
    keys |= {"ses": TOPIC, "sendgrid": b64encode(public).decode()}
    paper = Newspaper(copy_of(prepared, tmp_path), tables={"providers": keys})
    paper.site.certificates[CERTIFICATE_URL] = certificate
    subscribe(paper.app.readers, "ada@example.com", paper.app.newsletters[0])
    return paper


async def call(paper: Newspaper, name: str, signed: tuple[bytes, Headers]) -> Response:
    body, headers = signed
    async with paper.browser() as browser:
        return await browser.post(f"/hooks/{name}", content=body, headers=dict(headers))


def status(paper: Newspaper) -> str:
    return paper.app.readers.status(accept("ada@example.com"))


@each
async def test_a_dead_address_and_a_complaint_suppress(house: Newspaper, provider: Provider) -> None:
    for told, why in ((provider.dead, "hard"), (provider.complaint, "complaint")):
        assert (await call(house, provider.name, provider.sign(told))).status_code == 204
        off = house.app.suppressions.find(accept("ada@example.com"))
        assert off is not None
        assert off.reason == why
        house.app.suppressions.lift(accept("ada@example.com"), house.clock())


@each
async def test_a_full_mailbox_counts_and_suppresses_nobody_yet(house: Newspaper, provider: Provider) -> None:
    assert (await call(house, provider.name, provider.sign(provider.full))).status_code == 204
    assert status(house) == "active"
    [reader] = house.app.readers.of(accept("ada@example.com"))
    [strike] = Strikes(house.app.database).newest(reader, 9)
    assert strike.why in {"full", "full 4.2.2", "full 5.2.2"}


@each
async def test_the_same_call_again_does_nothing(house: Newspaper, provider: Provider) -> None:
    signed = provider.sign(provider.dead)
    await call(house, provider.name, signed)
    house.app.suppressions.lift(accept("ada@example.com"), house.clock())
    assert (await call(house, provider.name, signed)).status_code == 204
    assert status(house) == "active"


@each
async def test_what_others_say_is_refused(house: Newspaper, provider: Provider) -> None:
    body, headers = provider.sign(provider.dead)
    wrong = {name: value[:-6] + "AAAAAA" for name, value in headers.items()}
    forged = body.replace(b'ignature": "', b'ignature": "AAAA')
    for told in ((forged, wrong), (forged, {})):
        assert (await call(house, provider.name, told)).status_code == 401
    assert status(house) == "active"


@each
async def test_ten_megabytes_and_other_forms_are_refused(house: Newspaper, provider: Provider) -> None:
    _, headers = provider.sign(provider.dead)
    assert (await call(house, provider.name, (b" " * (LARGEST + 1), headers))).status_code == 413
    body, headers = provider.sign(["no event"])
    assert (await call(house, provider.name, (body, headers))).status_code == 400
    assert (await call(house, provider.name, (b"no json", {}))).status_code in {400, 401}


async def test_an_old_signature_of_sns_is_good_and_another_topics_is_not(house: Newspaper) -> None:
    told = bounced("Permanent", DEAD)
    elsewhere = sns(told, TopicArn=TOPIC.replace("returned", "other"))
    assert (await call(house, "ses", elsewhere)).status_code == 401
    assert status(house) == "active"
    assert (await call(house, "ses", sns(told, version="1"))).status_code == 204
    assert status(house) == "suppressed"


@pytest.mark.parametrize(
    "url",
    [
        "https://sns.eu-west-1.amazonaws.com.example.net/x.pem",
        "https://example.net/sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com@example.net/x.pem",
        "http://sns.eu-west-1.amazonaws.com/x.pem",
        "https://bucket.s3.amazonaws.com/x.pem",
        "https://127.0.0.1/x.pem",
    ],
)
async def test_a_certificate_from_elsewhere_is_never_fetched(
    house: Newspaper, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    async def fetched(*_: object, **__: object) -> None:
        raise AssertionError("asked for")

    monkeypatch.setattr("digest.collect.http.Web.get", fetched)
    body = sns(bounced("Permanent", DEAD))[0].replace(CERTIFICATE_URL.encode(), url.encode())
    assert (await call(house, "ses", (body, {}))).status_code == 401


async def test_our_topic_is_subscribed_to_at_its_own_address_only(
    house: Newspaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def get(_: object, url: str, **__: object) -> Any:
        asked.append(url)
        return type("Fetched", (), {"status": 200, "body": b""})

    monkeypatch.setattr("digest.collect.http.Web.get", get)
    ours, other = "https://sns.eu-west-1.amazonaws.com/?Action=Confirm", "https://example.net/"
    for url, answer in ((ours, 204), (other, 401)):
        signed = sns("hello", "SubscriptionConfirmation", SubscribeURL=url, Token="t")
        assert (await call(house, "ses", signed)).status_code == answer
    assert asked == [ours]


async def test_a_provider_without_a_key_has_no_page(paper: Newspaper) -> None:
    for name in ("brevo", "ses", "nobody"):
        assert (await call(paper, name, (b"{}", {}))).status_code == 404


async def test_a_refusal_by_policy_is_never_the_readers_fault(house: Newspaper) -> None:
    told = {"event": "hard_bounce", "email": "ada@example.com", "reason": "550 5.7.1 listed by a blocklist"}
    await call(house, "brevo", with_token(told))
    assert status(house) == "active"
