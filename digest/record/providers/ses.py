"""Amazon SES by way of SNS, which signs each message; the topic it comes from must be ours.

Anybody can have a topic that SNS signs for, so the configuration names ours. The certificate's address stands
in the message: it is used only where it is SNS's own.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from digest.model import ProviderNotice
from digest.record.bounces.ses import notified
from digest.record.providers.hook import Refused, Request, notices

SNS = re.compile(r"https://sns\.[a-z0-9-]{3,40}\.amazonaws\.com(\.cn)?/[^\s@]*")
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}


async def read(request: Request) -> list[ProviderNotice]:
    """The notices of one message; a subscription of our topic is confirmed.

    Raises Refused; SourceError where the certificate cannot be had; ValueError, LookupError or TypeError for
    another form.
    """
    told = request.json()
    if told["TopicArn"] != request.secret or told["Type"] not in SIGNED:
        raise Refused
    _check(told, await request.fetch(_of_sns(told["SigningCertURL"])))
    if told["Type"] == "SubscriptionConfirmation":
        await request.fetch(_of_sns(told["SubscribeURL"]))
        return []
    return notices("ses", ((told["Message"], finding) for finding in notified(json.loads(told["Message"]))))


def _of_sns(url: str) -> str:
    if not SNS.fullmatch(url):
        raise Refused
    return url


def _check(told: Mapping[str, Any], certificate: bytes) -> None:
    """Verify the signature over the fields that SNS signs, each with its name, a line each."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256
    from cryptography.x509 import load_pem_x509_certificate

    signed = "".join(f"{name}\n{told[name]}\n" for name in SIGNED[told["Type"]] if name in told)
    # Version 1 is what a topic has unless told otherwise, and SHA-1 its hash.
    algorithm = SHA256() if told["SignatureVersion"] == "2" else SHA1()  # noqa: S303 - Amazon's choice
    try:
        key = load_pem_x509_certificate(certificate).public_key()
        if not isinstance(key, RSAPublicKey):
            raise Refused
        key.verify(b64decode(told["Signature"]), signed.encode(), PKCS1v15(), algorithm)
    except (ValueError, InvalidSignature):
        raise Refused from None
