"""Checking a signed plan, in this order: size, type, algorithm, signature, issuer, audience,
practice, seq, time.

A refusal is never shown as an error: whatever holds, holds on, and the account is asked anew. Who
sends nonsense can therefore take nothing away, and a document signed by a key that has left the
list means no more than *refresh now*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode

from app.core.membership.rules.grant import Grant
from app.sync import wire
from app.sync.protocol.entitlement import (
    ALGORITHM,
    AUDIENCE,
    BETWEEN,
    DOCUMENT_TYPE,
    ISSUER,
    KEYS_TYPE,
    LARGEST_BYTES,
    KeyList,
    PublicKey,
    read_grant,
    read_key_list,
)
from app.sync.wire import Malformed


class Reason(StrEnum):
    """What became of a document."""

    ACCEPTED = "ACCEPTED"
    TOO_LARGE = "TOO_LARGE"
    NOT_A_DOCUMENT = "NOT_A_DOCUMENT"
    WRONG_TYPE = "WRONG_TYPE"
    WRONG_ALGORITHM = "WRONG_ALGORITHM"
    UNKNOWN_ROOT = "UNKNOWN_ROOT"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    """Signed by a key that is not, or no longer, in the list: refresh now."""
    BAD_SIGNATURE = "BAD_SIGNATURE"
    WRONG_ISSUER = "WRONG_ISSUER"
    WRONG_AUDIENCE = "WRONG_AUDIENCE"
    WRONG_PRACTICE = "WRONG_PRACTICE"
    REPLAYED = "REPLAYED"
    WRONG_TIME = "WRONG_TIME"


class _Refused(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Held:
    """The pair that the file holds, checked: what a newer one must not fall behind."""

    keys: KeyList
    signed_keys: str
    grant: Grant | None = None
    signed_grant: str = ""

    @property
    def proven(self) -> datetime:
        """Return the latest moment that the account signed to."""
        issued = self.keys.issued
        return issued if self.grant is None else max(issued, self.grant.issued)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking a pair: ``held`` is what the file is to hold from now on.

    A newer list of keys is held also when its document was refused. ``None`` is nothing at all.
    """

    reason: Reason
    held: Held | None


def check(text: str, practice_id: UUID, held: Held | None, roots: Sequence[PublicKey]) -> Checked:
    """Check a pair as it travels against what is held. Nothing in it can raise."""
    try:
        signed_keys, signed_grant = _parts(text)
        known = _newest_keys(signed_keys, held, roots)
    except _Refused as refused:
        return Checked(refused.reason, held)
    try:
        grant = _grant(signed_grant, practice_id, known.keys, held)
    except _Refused as refused:
        return Checked(refused.reason, known)
    return Checked(Reason.ACCEPTED, Held(known.keys, known.signed_keys, grant, signed_grant))


def _parts(text: str) -> tuple[str, str]:
    # Counted before anything else looks at it; a character is a byte or more.
    if len(text) > LARGEST_BYTES:
        raise _Refused(Reason.TOO_LARGE)
    parts = text.split(BETWEEN)
    if len(parts) != 2:
        raise _Refused(Reason.NOT_A_DOCUMENT)
    return parts[0], parts[1]


def _newest_keys(signed: str, held: Held | None, roots: Sequence[PublicKey]) -> Held:
    """Return what is held with the list of keys in ``signed``, unless the held one is newer."""
    header = _header(signed, KEYS_TYPE)
    root = next((each for each in roots if each.kid == header["kid"]), None)
    if root is None:
        raise _Refused(Reason.UNKNOWN_ROOT)
    said = _payload(signed, root)
    if said.get("iss") != ISSUER:
        raise _Refused(Reason.WRONG_ISSUER)
    try:
        listed = read_key_list(said)
    except Malformed:
        raise _Refused(Reason.NOT_A_DOCUMENT) from None
    if held is None:
        return Held(listed, signed)
    if listed.seq < held.keys.seq:
        return held
    return Held(listed, signed, held.grant, held.signed_grant)


def _grant(signed: str, practice_id: UUID, keys: KeyList, held: Held | None) -> Grant:
    header = _header(signed, DOCUMENT_TYPE)
    key = keys.find(str(header["kid"]))
    if key is None:
        raise _Refused(Reason.UNKNOWN_KEY)
    said = _payload(signed, key)
    if said.get("iss") != ISSUER:
        raise _Refused(Reason.WRONG_ISSUER)
    if said.get("aud") != AUDIENCE:
        raise _Refused(Reason.WRONG_AUDIENCE)
    if said.get("sub") != practice_id.hex:
        raise _Refused(Reason.WRONG_PRACTICE)
    try:
        grant = read_grant(said)
    except Malformed:
        raise _Refused(Reason.NOT_A_DOCUMENT) from None
    if held is not None and held.grant is not None and grant.seq < held.grant.seq:
        raise _Refused(Reason.REPLAYED)
    # Only its own times are judged here. How old it is, is asked of every moment anew.
    if not grant.issued <= grant.refresh <= grant.expires <= grant.stale:
        raise _Refused(Reason.WRONG_TIME)
    return grant


def _header(signed: str, kind: str) -> dict[str, Any]:
    """Return the header of a compact JWS whose type and algorithm are the only ones we take."""
    parts = signed.split(".")
    if len(parts) != 3 or not signed.isascii():
        raise _Refused(Reason.NOT_A_DOCUMENT)
    try:
        header: dict[str, Any] = wire.read(urlsafe_b64decode(parts[0].encode()))
    except (ValueError, Malformed):
        raise _Refused(Reason.NOT_A_DOCUMENT) from None
    if header.get("typ") != kind:
        raise _Refused(Reason.WRONG_TYPE)
    if header.get("alg") != ALGORITHM:
        raise _Refused(Reason.WRONG_ALGORITHM)
    # No key of its own choosing, no extension: a signature means what we think it means.
    if set(header) != {"alg", "typ", "kid"} or not isinstance(header["kid"], str):
        raise _Refused(Reason.NOT_A_DOCUMENT)
    return header


def _payload(signed: str, key: PublicKey) -> dict[str, Any]:
    try:
        public = OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": key.x})
        said: dict[str, Any] = wire.read(
            jws.deserialize_compact(signed, public, algorithms=[ALGORITHM]).payload
        )
    except (JoseError, ValueError):
        raise _Refused(Reason.BAD_SIGNATURE) from None
    except Malformed:
        raise _Refused(Reason.NOT_A_DOCUMENT) from None
    return said
