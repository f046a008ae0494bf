"""Signing a list of keys and a document: what the hosted account does, and a root key once.

The root's private half never lies on a server: it signs a list of keys on a machine of its own,
and the server serves that list as it is. For tests and for a server on the developer's own machine
there is a development root that everybody knows; no release pins it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from app.core.membership.rules.grant import Grant
from app.sync.protocol.entitlement import (
    ALGORITHM,
    BETWEEN,
    DOCUMENT_TYPE,
    KEYS_TYPE,
    KeyList,
    PublicKey,
    grant_claims,
    key_list_claims,
)

_DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private Ed25519 key and the name it signs under."""

    kid: str
    key: OKPKey

    @property
    def public(self) -> PublicKey:
        """Return its public half, as lists and pins hold it."""
        return PublicKey(self.kid, str(self.key.as_dict(private=False)["x"]))


def new_signing_key(kid: str) -> SigningKey:
    """Draw a key."""
    return SigningKey(kid, OKPKey.generate_key("Ed25519"))


def read_signing_key(kid: str, jwk: dict[str, str]) -> SigningKey:
    """Read a private key from its JWK (RFC 8037); raises ``ValueError`` for another kind of key."""
    try:
        key = OKPKey.import_key(dict(jwk.items()))
    except (JoseError, ValueError):
        raise ValueError(f"{kid} is no key") from None
    if key.curve_name != ALGORITHM or not key.is_private:
        raise ValueError(f"{kid} is no private Ed25519 key")
    return SigningKey(kid, key)


def development_root() -> SigningKey:
    """Return the root key of tests and of a developer's own server, a secret to nobody."""
    seed = sha256(b"PracticeRunner: the development root, a secret to nobody").digest()
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return SigningKey(_DEVELOPMENT, OKPKey.import_key(private))


def sign_key_list(listed: KeyList, root: SigningKey) -> str:
    """Return the list of keys, signed by a root key."""
    return _sign(key_list_claims(listed), KEYS_TYPE, root)


def sign_grant(grant: Grant, key: SigningKey) -> str:
    """Return the document of a grant, signed by one of the listed keys."""
    return _sign(grant_claims(grant), DOCUMENT_TYPE, key)


def pair(signed_keys: str, signed_grant: str) -> str:
    """Return both as they travel in ``Welcome.entitlement``."""
    return f"{signed_keys}{BETWEEN}{signed_grant}"


def _sign(claims: dict[str, Any], kind: str, key: SigningKey) -> str:
    header = {"alg": ALGORITHM, "typ": kind, "kid": key.kid}
    payload = json.dumps(claims, sort_keys=True, separators=(",", ":"))
    return jws.serialize_compact(header, payload, key.key, algorithms=[ALGORITHM])
