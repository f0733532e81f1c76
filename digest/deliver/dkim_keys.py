"""DKIM keys in PEM files: read, and made."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from digest import ownership
from digest.deliver.dkim import Key
from digest.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LEAST_BITS = 2048  # RFC 8301 allows 1024 and advises this


def read_key(file: Path) -> Key:
    """The key in a PEM file; the file's name without its ending is the selector. Raises ConfigError."""
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    cure = f"make one with: digest dkim new {file.stem}"
    try:
        if file.stat().st_mode & 0o077:
            raise ConfigError(f"{file}: others can read the signing key; run: chmod 600 {file}")
        private = load_pem_private_key(file.read_bytes(), None)
    except OSError as error:
        raise ConfigError(f"dkim: keys: {file}: {error.strerror}; {cure}") from None
    except (ValueError, TypeError):
        raise ConfigError(
            f"dkim: keys: {file}: not a private key in PEM without a password; {cure}"
        ) from None
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return _ed25519(file.stem, private)
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= LEAST_BITS:
        return _rsa(file.stem, private)
    raise ConfigError(f"dkim: keys: {file}: neither Ed25519 nor RSA of {LEAST_BITS} bits or more; {cure}")


def _rsa(selector: str, private: RSAPrivateKey) -> Key:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    sign = partial(private.sign, padding=PKCS1v15(), algorithm=SHA256())
    return Key(selector, "rsa", b64encode(public).decode(), sign)


def _ed25519(selector: str, private: Ed25519PrivateKey) -> Key:
    """RFC 8463: what is signed is the SHA-256 of the data, and p= is the bare key."""
    public = b64encode(private.public_key().public_bytes_raw()).decode()
    return Key(selector, "ed25519", public, lambda data: private.sign(hashlib.sha256(data).digest()))


def new_key(file: Path, *, ed25519: bool = False) -> Key:
    """Make a key, mode 0600. Raises FileExistsError where the file is."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = Ed25519PrivateKey.generate() if ed25519 else generate_private_key(65537, LEAST_BITS)
    ownership.create(file, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return read_key(file)
