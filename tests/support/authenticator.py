"""A thing that keeps passkeys, and the browser that speaks for it, for tests (WebAuthn Level 3).

It does as it is told, also what no browser would do: answer for another page, without a person,
with somebody else's key, or twice.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


def text_of(content: bytes) -> str:
    """Return bytes as pages and browsers exchange them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """Return the bytes of such a text."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Key:
    """A passkey: the private half, and how often it was used."""

    party: str
    user: bytes
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    count: int = 0

    def cose(self) -> bytes:
        """Return the public half (RFC 9053, ES256)."""
        point = self.private.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})


@dataclass
class Authenticator:
    """Keeps passkeys. ``verifies``: it asks for the finger; ``counts``: it counts their uses."""

    verifies: bool = True
    counts: bool = True
    keys: list[Key] = field(default_factory=list)

    def create(self, asked: Mapping[str, Any], origin: str, **client: Any) -> str:
        """Make a passkey as a page asked, and return what the browser sends."""
        key = Key(asked["rp"]["id"], bytes_of(asked["user"]["id"]))
        self.keys.append(key)
        length = len(key.id).to_bytes(2, "big")
        attested = bytes(16) + length + key.id + key.cose()
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(key, attested)}
        said = _client_data("webauthn.create", asked["challenge"], origin, client)
        return _credential(key, clientDataJSON=said, attestationObject=cbor2.dumps(statement))

    def get(self, asked: Mapping[str, Any], origin: str, key: Key | None = None) -> str:
        """Use a passkey as a page asked, the first one if none is named."""
        used = key or self.keys[0]
        used.count += self.counts
        data = self._data(used)
        said = _client_data("webauthn.get", asked["challenge"], origin, {})
        signed = used.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return _credential(
            used, clientDataJSON=said, authenticatorData=data, signature=signed,
            userHandle=used.user,
        )  # fmt: skip

    def _data(self, key: Key, attested: bytes = b"") -> bytes:
        flags = _PRESENT | (_VERIFIED if self.verifies else 0) | (_ATTESTED if attested else 0)
        party = hashlib.sha256(key.party.encode()).digest()
        return party + bytes([flags]) + key.count.to_bytes(4, "big") + attested


def _client_data(kind: str, challenge: str, origin: str, more: Mapping[str, Any]) -> bytes:
    said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False, **more}
    return json.dumps(said).encode()


def _credential(key: Key, **response: bytes) -> str:
    said = {name: text_of(content) for name, content in response.items()}
    return json.dumps(
        {"id": text_of(key.id), "rawId": text_of(key.id), "type": "public-key", "response": said}
    )
